package dev.feedlight.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One writer per folder, on this machine. The system drops the lock when the process dies, however
 * it dies.
 *
 * <p>Two files, because POSIX drops a process's lock on a file as soon as the process closes any
 * descriptor of it: a second writer in the same JVM, refused at the first file, must not get to
 * open and close the second one, whose lock holds off other processes.
 */
final class FolderLock implements Closeable {
  static final String WITHIN_PROCESS = ".lock-process";
  static final String BETWEEN_PROCESSES = ".lock";

  private final FileChannel within;
  private final FileChannel between;

  private FolderLock(FileChannel within, FileChannel between) {
    this.within = within;
    this.between = between;
  }

  /**
   * Locks a folder.
   *
   * @return the lock, or null if another writer has it
   */
  static FolderLock tryLock(Path folder) throws IOException {
    FileChannel within = locked(folder.resolve(WITHIN_PROCESS));
    if (within == null) {
      return null;
    }
    FileChannel between = null;
    try {
      between = locked(folder.resolve(BETWEEN_PROCESSES));
    } finally {
      if (between == null) {
        within.close();
      }
    }
    return between == null ? null : new FolderLock(within, between);
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // Held by this JVM: the answer is no.
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? channel : null;
  }

  /** In this order: a writer of this JVM that passes the first file finds the second one free. */
  @Override
  public void close() throws IOException {
    try (within) {
      between.close();
    }
  }
}

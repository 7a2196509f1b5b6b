package dev.feedlight.io;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Makes folders of a few files that are there whole or not at all: the files are written into a
 * folder of another name beside it, which is then renamed. Files are to be forced to disk by who
 * writes them, as {@link AtomicFile} does.
 */
public final class AtomicFolder {
  private AtomicFolder() {}

  /** What is written. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all files.
     *
     * @param folder empty
     * @throws IOException if one cannot be written
     */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Refuses a folder that {@link #create} would refuse: makes an empty one where it, or the first
   * of its missing parents, would stand, and deletes it.
   *
   * @param folder its name
   * @throws FileAlreadyExistsException if there is something of that name
   * @throws IOException if no folder can be made there
   */
  public static void requireWritable(Path folder) throws IOException {
    requireMissing(folder);
    Path first = folder.toAbsolutePath();
    while (!Files.exists(first.getParent())) {
      first = first.getParent();
    }
    Path probe = beside(first);
    Files.createDirectory(probe);
    Files.delete(probe);
  }

  private static void requireMissing(Path folder) throws FileAlreadyExistsException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
  }

  /**
   * Makes a folder.
   *
   * @param folder its name; missing parents are made
   * @param content its files
   * @throws FileAlreadyExistsException if there is something of that name
   * @throws IOException if it cannot be written; nothing of that name is there then
   */
  public static void create(Path folder, Content content) throws IOException {
    requireMissing(folder);
    Path target = folder.toAbsolutePath();
    Durable.createDirectories(target.getParent());
    Path writing = beside(target);
    try {
      write(writing, content);
      Files.move(writing, target, StandardCopyOption.ATOMIC_MOVE);
      Durable.syncDirectory(target.getParent());
    } finally {
      Durable.deleteTree(writing);
    }
  }

  private static void write(Path writing, Content content) throws IOException {
    Durable.deleteTree(writing);
    Files.createDirectory(writing);
    content.writeTo(writing);
    Durable.syncDirectory(writing);
  }

  private static Path beside(Path target) {
    return target.resolveSibling(
        "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
  }
}

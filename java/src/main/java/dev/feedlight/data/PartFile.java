package dev.feedlight.data;

import dev.feedlight.io.Durable;
import dev.feedlight.io.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The beginning of a file that is being fetched: {@code NAME.part} beside its final place, and in
 * {@code NAME.part.etag} which version of which URL it is the beginning of. Both outlive a fetch
 * that breaks off. While it is open, no other process can open it.
 *
 * <p>A failure of the file system is a {@link DownloadException}; an interrupted thread is an
 * {@link InterruptedException}, and what was written stays.
 */
final class PartFile implements AutoCloseable {
  /** A strong entity tag (RFC 9110, 8.8.3) of at most 200 characters (ours). */
  private static final Pattern STRONG_ETAG = Pattern.compile("\"[!#-~]{0,198}\"");

  private final RemoteFile file;
  private final Path target;
  private final Path part;
  private final Path etagPath;
  private final FileChannel channel;
  private long size;

  private PartFile(RemoteFile file, Path directory, FileChannel channel, long size) {
    this.file = file;
    this.target = directory.resolve(file.name());
    this.part = path(directory, file);
    this.etagPath = etagPath(part);
    this.channel = channel;
    this.size = size;
  }

  /** Where the beginning of a file is kept. */
  static Path path(Path directory, RemoteFile file) {
    return directory.resolve(file.name() + ".part");
  }

  private static Path etagPath(Path part) {
    return part.resolveSibling(part.getFileName() + ".etag");
  }

  /** Opens what an earlier fetch left, or starts an empty one. */
  static PartFile open(Path directory, RemoteFile file) throws InterruptedException {
    Path part = path(directory, file);
    return onDisk(
        "cannot write " + part,
        () -> {
          FileChannel channel = openLocked(part);
          try {
            return new PartFile(file, directory, channel, channel.size());
          } catch (IOException e) {
            channel.close();
            throw e;
          }
        });
  }

  private static FileChannel openLocked(Path part) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(
              part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
      try {
        FileLock lock = lock(channel);
        if (lock == null) {
          throw new DownloadException(part + " is being fetched by another process: let it finish");
        }
      } catch (IOException | DownloadException e) {
        channel.close();
        throw e;
      }
      if (Files.exists(part)) {
        return channel;
      }
      channel.close(); // the other process has just put it in place: this is no part any more
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // another thread of this JVM
    }
  }

  /** Bytes so far. */
  long size() {
    return size;
  }

  /** The entity tag under which this URL gave the bytes so far, if that is known. */
  Optional<String> etag(URI url) throws InterruptedException {
    return onDisk(
        "cannot read " + etagPath,
        () -> {
          List<String> lines;
          try {
            lines = Files.readAllLines(etagPath);
          } catch (NoSuchFileException _) {
            return Optional.empty();
          }
          return lines.size() == 2
                  && lines.getFirst().equals(url.toString())
                  && STRONG_ETAG.matcher(lines.getLast()).matches()
              ? Optional.of(lines.getLast())
              : Optional.empty();
        });
  }

  /** Whether a tag says that equal tags mean equal bytes. */
  static boolean isStrong(String etag) {
    return STRONG_ETAG.matcher(etag).matches();
  }

  /** Drops the bytes so far; the next ones come from this URL under this tag, if it is strong. */
  void restart(URI url, Optional<String> etag) throws InterruptedException {
    discard();
    if (etag.filter(PartFile::isStrong).isPresent()) {
      onDisk(
          "cannot write " + etagPath,
          () -> Files.writeString(etagPath, url + "\n" + etag.orElseThrow() + "\n"));
    }
  }

  /** Drops the bytes so far; if none follow, {@link #close} removes the file. */
  void discard() throws InterruptedException {
    onDisk(
        "cannot empty " + part,
        () -> {
          Files.deleteIfExists(etagPath);
          return channel.truncate(0).position(0);
        });
    size = 0;
  }

  /** Appends bytes. */
  void append(ByteBuffer bytes) throws InterruptedException {
    onDisk(
        "cannot write " + part + " beyond " + size + " of " + file.bytes() + " bytes",
        () -> {
          while (bytes.hasRemaining()) {
            size += channel.write(bytes, size);
          }
          return null;
        });
  }

  /** Whether size and SHA-256 are those of the file. */
  boolean isRight() throws InterruptedException {
    return size == file.bytes()
        && onDisk("cannot read " + part, () -> Sha256.of(part).equals(file.sha256()));
  }

  /** Puts the file in its place, where a crash leaves the old bytes or the new ones. */
  Path publish() throws InterruptedException {
    return onDisk(
        "cannot put " + part + " in place as " + target,
        () -> {
          channel.force(true);
          Files.move(
              part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          Files.deleteIfExists(etagPath);
          Durable.syncDirectory(target.toAbsolutePath().getParent());
          return target;
        });
  }

  @Override
  public void close() {
    try (channel) {
      if (size == 0) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new DownloadException("cannot close " + part + ": " + e, e);
    }
  }

  @FunctionalInterface
  interface DiskCall<T> {
    T run() throws IOException;
  }

  /** Runs what touches the disk alone, so that its failures are told from the network's. */
  static <T> T onDisk(String failure, DiskCall<T> call) throws InterruptedException {
    try {
      return call.run();
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      InterruptedException interrupted = new InterruptedException("interrupted on disk");
      interrupted.initCause(e);
      throw interrupted;
    } catch (IOException e) {
      throw new DownloadException(failure + ": " + e, e);
    }
  }
}

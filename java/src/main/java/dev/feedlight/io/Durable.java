package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What makes files outlive a crash: contents and names are forced to disk before they count. */
public final class Durable {
  private Durable() {}

  /** Writes into a channel. */
  @FunctionalInterface
  interface Content {
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * A file as it was written.
   *
   * @param bytes its size
   * @param sha256 of its contents, lower-case hexadecimal
   */
  record Digest(long bytes, String sha256) {}

  /** Makes a new file and forces it to disk. */
  static Digest write(Path file, Content content) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Digesting digesting = new Digesting(channel)) {
      content.writeTo(digesting);
      channel.force(true);
      return digesting.digest();
    }
  }

  /** Makes a new file of these bytes and forces it to disk. */
  static Digest write(Path file, byte[] bytes) throws IOException {
    return write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Forces the names in a directory to disk.
   *
   * @param directory holds them
   * @throws IOException if that fails
   */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new IOException(
          "the names in " + directory + " cannot be forced to disk: " + e.getMessage(), e);
    }
  }

  /** Makes a directory and its missing parents, and forces their names to disk. */
  static void createDirectories(Path directory) throws IOException {
    List<Path> missing = new ArrayList<>();
    Path above = directory.toAbsolutePath();
    while (above != null && !Files.isDirectory(above)) {
      missing.add(above);
      above = above.getParent();
    }
    Files.createDirectories(directory);
    for (Path made : missing) {
      syncDirectory(made.getParent());
    }
  }

  /**
   * Deletes a file or a directory with all that is in it; symbolic links are not followed.
   *
   * @param path need not be there
   * @throws IOException if something cannot be deleted
   */
  public static void deleteTree(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : list(path)) {
        deleteTree(entry);
      }
    }
    Files.deleteIfExists(path);
  }

  /** Entries of a directory in the order of their names; none if it is not there. */
  static List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(path -> path.getFileName().toString()));
    return entries;
  }

  /** Passes bytes on and digests them. */
  private static final class Digesting implements WritableByteChannel {
    private final WritableByteChannel target;
    private final MessageDigest sha256 = Sha256.begin();
    private long bytes;

    Digesting(WritableByteChannel target) {
      this.target = target;
    }

    Digest digest() {
      return new Digest(bytes, Sha256.end(sha256));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      ByteBuffer seen = source.duplicate();
      int written = target.write(source);
      seen.limit(seen.position() + written);
      sha256.update(seen);
      bytes += written;
      return written;
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}

package dev.feedlight.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces whole files so that a reader, or a crash, sees the old bytes or the new ones: the new
 * ones are written beside the file and forced to disk, then take its name, and the name is forced
 * too.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What is written, piece by piece. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes everything.
     *
     * @param out buffered
     * @throws IOException if it cannot be written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** What is written where the writer goes back to. */
  @FunctionalInterface
  public interface ChannelContent {
    /**
     * Writes everything.
     *
     * @param channel empty
     * @throws IOException if it cannot be written
     */
    void writeTo(SeekableByteChannel channel) throws IOException;
  }

  /**
   * Replaces a file by these bytes. Missing parent directories are made.
   *
   * @param file what is replaced
   * @param bytes the new content
   * @throws IOException if the directory cannot be written; {@code file} is then as it was
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, out -> out.write(bytes));
  }

  /**
   * The same for content that is made while it is written.
   *
   * @param file what is replaced
   * @param content the new content
   * @throws IOException if the directory or the content cannot be written; {@code file} is then as
   *     it was
   */
  public static void write(Path file, Content content) throws IOException {
    writeChannel(
        file,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
          content.writeTo(out);
          out.flush();
        });
  }

  /**
   * The same for content that needs a channel.
   *
   * @param file what is replaced
   * @param content the new content
   * @throws IOException if the directory or the content cannot be written; {@code file} is then as
   *     it was
   */
  public static void writeChannel(Path file, ChannelContent content) throws IOException {
    Path target = file.toAbsolutePath();
    Path directory = target.getParent();
    Files.createDirectories(directory);
    // Not Files.createTempFile: its files are readable by their owner alone.
    Path temporary =
        directory.resolve(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      move(temporary, target);
      Durable.syncDirectory(directory);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      // Some network file systems; replacing is the best they offer.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

package dev.feedlight.bench.results;

import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file of lines that grows while a run goes on. A line is on the disk when {@link #append}
 * returns. What stands behind the last line break was not finished and is passed over; it is gone
 * after {@link #replace}. One writer at a time.
 */
public final class Journal {
  private final Path path;

  /** Names a file, which need not exist yet. */
  public Journal(Path path) {
    this.path = path;
  }

  /** The file as it was named. */
  public Path path() {
    return path;
  }

  /**
   * The finished lines, without their breaks.
   *
   * @return in order; none if there is no file
   * @throws IOException if the file cannot be read
   */
  public List<String> lines() throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /**
   * Replaces the whole file: a crash leaves the old lines or the new ones.
   *
   * @param lines without breaks
   * @throws IOException if it cannot be written; the file is then as it was
   */
  public void replace(List<String> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    AtomicFile.write(path, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a line behind the finished ones and forces it to the disk.
   *
   * @param line without a break
   * @throws IOException if it cannot be written; the next reader then passes over what is there of
   *     it
   */
  public void append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /**
   * What to throw for a finished line that means nothing.
   *
   * @param number of the line, counted from 1
   * @param reason one clause
   * @param cause or null
   * @return names the file and the line
   */
  public ResultFileException damaged(int number, String reason, Throwable cause) {
    return new ResultFileException(path, number, reason, cause);
  }
}

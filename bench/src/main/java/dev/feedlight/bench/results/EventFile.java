package dev.feedlight.bench.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * An {@code events.jsonl}: what happened in a run, one JSON object a line, UTF-8, each with {@code
 * event} and {@code step}. Lines are only added, and reach the file within about a second.
 *
 * <p>A write that fails is tried again with the next one, at the same place, so that no line is
 * torn or lost while a disk is full for a while.
 */
public final class EventFile implements AutoCloseable {
  /** Most bytes that wait for a disk that takes none (ours). */
  private static final int MOST_WAITING = 64 << 20;

  private static final double SECONDS_BETWEEN_WRITES = 1;

  private final Path path;
  private final FileChannel channel;
  private final ObjectMapper mapper = new ObjectMapper();
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private long position;
  private long lastStep;
  private long lastAdded = System.nanoTime();
  private long lastWritten = System.nanoTime();

  private EventFile(Path path, FileChannel channel, Cut cut) {
    this.path = path;
    this.channel = channel;
    this.position = cut.bytes;
    this.lastStep = cut.lastStep;
  }

  /** The part of a file that stays. */
  private record Cut(long bytes, long lastStep) {}

  /**
   * Begins a file; what was there is gone.
   *
   * @param path where; missing folders are made
   * @return an open file
   * @throws IOException if it cannot be made
   */
  public static EventFile begin(Path path) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    return open(path, new Cut(0, 0));
  }

  /**
   * Goes on with a file after a step: lines of later steps, an {@code end} and a last line that was
   * not finished are cut off, so that the file reads like one run.
   *
   * @param path where; made if it is missing
   * @param step from which the run goes on
   * @return an open file
   * @throws IOException if it cannot be read or written
   */
  public static EventFile goOn(Path path, long step) throws IOException {
    if (!Files.exists(path)) {
      return begin(path);
    }
    return open(path, cut(path, step));
  }

  private static EventFile open(Path path, Cut cut) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.truncate(cut.bytes);
      return new EventFile(path, channel, cut);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Looks for the first line that does not stay. */
  private static Cut cut(Path path, long step) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Cut cut = new Cut(0, 0);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        line.write(b);
        if (b == '\n') {
          long of = stepOf(mapper, line.toByteArray());
          if (of < 0 || of > step) {
            return cut;
          }
          cut = new Cut(cut.bytes + line.size(), of);
          line.reset();
        }
      }
    }
    return cut;
  }

  /** Step of a line that may stay, or -1. */
  private static long stepOf(ObjectMapper mapper, byte[] line) throws IOException {
    try {
      JsonNode object = mapper.readTree(line);
      boolean end = object.path("event").asText().equals("end");
      return object.path("step").isIntegralNumber() && !end ? object.path("step").asLong() : -1;
    } catch (JsonProcessingException e) {
      return -1;
    }
  }

  /** The file as it was named. */
  public Path path() {
    return path;
  }

  /**
   * Step of the last line.
   *
   * @return from 0
   */
  public long lastStep() {
    return lastStep;
  }

  /**
   * Adds a line. It is written at once if the next one is likely to come too late.
   *
   * @param event what happened; goes first
   * @param step after which
   * @param values all else, in order
   * @throws IOException if it cannot be written; it is then kept, and tried again
   */
  public void add(String event, long step, Map<String, ?> values) throws IOException {
    StringBuilder line = new StringBuilder();
    line.append("{\"event\":").append(json(event)).append(",\"step\":").append(step);
    values.forEach(
        (key, value) -> line.append(',').append(json(key)).append(':').append(json(value)));
    line.append("}\n");
    if (waiting.size() + line.length() > MOST_WAITING) {
      throw new IOException(
          path + " takes no more lines, and " + waiting.size() + " bytes of them wait");
    }
    waiting.writeBytes(line.toString().getBytes(StandardCharsets.UTF_8));
    lastStep = step;
    long now = System.nanoTime();
    double pause = (now - lastAdded) * 1e-9;
    lastAdded = now;
    if ((now - lastWritten) * 1e-9 + pause > SECONDS_BETWEEN_WRITES) {
      flush();
    }
  }

  private String json(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write " + value + " as JSON", e);
    }
  }

  /**
   * Writes the lines that wait.
   *
   * @throws IOException if they cannot be written; they are kept
   */
  public void flush() throws IOException {
    lastWritten = System.nanoTime();
    if (waiting.size() == 0) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(waiting.toByteArray());
    while (bytes.hasRemaining()) {
      channel.write(bytes, position + bytes.position());
    }
    position += waiting.size();
    waiting.reset();
  }

  /**
   * Writes the lines that wait and forces them to disk.
   *
   * @throws IOException if that fails
   */
  public void force() throws IOException {
    flush();
    channel.force(false);
  }

  /** Writes what waits, forces it to disk and closes the file. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (channel.isOpen()) {
        force();
      }
    }
  }
}

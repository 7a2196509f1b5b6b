package dev.feedlight.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An open safetensors file (Hugging Face, "safetensors": eight bytes with the length of a JSON
 * header, the header, then the elements, little endian). All that the header says is checked when
 * the file is opened, before anything is allocated for it: every byte of the data belongs to
 * exactly one tensor, and the last one ends where the file ends.
 *
 * <p>Stricter than the format's own reader in this: no unknown keys beside {@code dtype}, {@code
 * shape} and {@code data_offsets}, no key twice, at most 64 dimensions, no types smaller than a
 * byte.
 */
public final class SafetensorsFile implements Closeable {
  /** Longest header, in bytes; the limit of the format's own reader. */
  public static final int MAX_HEADER_BYTES = 100_000_000;

  private static final int BUFFER_BYTES = 1 << 16;

  private final String source;
  private final SeekableByteChannel channel;
  private final long dataStart;
  private final Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
  private final List<TensorInfo> tensors;
  private final Map<String, String> metadata;
  private final ByteBuffer buffer;

  private SafetensorsFile(
      String source, SeekableByteChannel channel, long dataStart, SafetensorsHeader header) {
    this.source = source;
    this.channel = channel;
    this.dataStart = dataStart;
    for (SafetensorsHeader.Entry entry : header.entries()) {
      entries.put(entry.info().name(), entry);
    }
    this.tensors = header.entries().stream().map(SafetensorsHeader.Entry::info).toList();
    this.metadata = header.metadata();
    this.buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Opens a file and checks its header.
   *
   * @param file on any file system
   * @return the open file, to be closed
   * @throws FormatException if the file is no sound safetensors file
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(Path file) throws IOException {
    SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.READ);
    try {
      return open(file.toString(), channel);
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  private static SafetensorsFile open(String source, SeekableByteChannel channel)
      throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw new FormatException(source, "has " + size + " bytes, a safetensors file at least 8");
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fill(source, channel, length);
    long headerBytes = length.getLong(0);
    if (headerBytes < 0 || headerBytes > Math.min(MAX_HEADER_BYTES, size - Long.BYTES)) {
      throw new FormatException(
          source,
          "promises a header of "
              + Long.toUnsignedString(headerBytes)
              + " bytes; the file has "
              + size
              + ", the limit is "
              + MAX_HEADER_BYTES);
    }
    byte[] json = new byte[(int) headerBytes];
    fill(source, channel, ByteBuffer.wrap(json));
    if (json.length == 0 || json[0] != '{') {
      throw new FormatException(source, "its header does not begin with {");
    }
    long dataStart = Long.BYTES + headerBytes;
    return new SafetensorsFile(
        source, channel, dataStart, SafetensorsHeader.read(json, size - dataStart, source));
  }

  /**
   * All tensors.
   *
   * @return in the order of their bytes
   */
  public List<TensorInfo> tensors() {
    return tensors;
  }

  /**
   * The free text of the header.
   *
   * @return may be empty; not modifiable
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * One tensor.
   *
   * @param name its name
   * @return what the file says of it
   * @throws FormatException if there is none of this name
   */
  public TensorInfo tensor(String name) {
    return entry(name).info();
  }

  /**
   * Reads elements as floats: F32 as they are, F16 and BF16 exactly, F64 rounded to the nearest
   * float (beyond the largest: infinity).
   *
   * @param name the tensor
   * @param firstElement where to begin, in row-major order
   * @param target receives as many as it has room for
   * @throws FormatException if there is no such tensor or it holds other types
   * @throws IndexOutOfBoundsException if the tensor has too few elements
   * @throws IOException if the file cannot be read
   */
  public void read(String name, long firstElement, float[] target) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    StoredType type = entry.info().type();
    require(entry, Elements.floats(type), "floats");
    read(
        entry,
        firstElement,
        target.length,
        (at, count) -> Elements.get(buffer, type, target, at, count));
  }

  /**
   * Reads elements of type I32.
   *
   * @param name the tensor
   * @param firstElement where to begin, in row-major order
   * @param target receives as many as it has room for
   * @throws FormatException if there is no such tensor or it is not I32
   * @throws IndexOutOfBoundsException if the tensor has too few elements
   * @throws IOException if the file cannot be read
   */
  public void read(String name, long firstElement, int[] target) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    StoredType type = entry.info().type();
    require(entry, type == StoredType.I32, "ints");
    read(
        entry,
        firstElement,
        target.length,
        (at, count) -> Elements.get(buffer, type, target, at, count));
  }

  /**
   * Reads elements of type I8, U8 or BOOL, bit by bit as they are.
   *
   * @param name the tensor
   * @param firstElement where to begin, in row-major order
   * @param target receives as many as it has room for
   * @throws FormatException if there is no such tensor or it holds other types
   * @throws IndexOutOfBoundsException if the tensor has too few elements
   * @throws IOException if the file cannot be read
   */
  public void read(String name, long firstElement, byte[] target) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    StoredType type = entry.info().type();
    require(entry, Elements.bytes(type), "bytes");
    read(
        entry,
        firstElement,
        target.length,
        (at, count) -> Elements.get(buffer, type, target, at, count));
  }

  /** Moves {@code count} elements out of the buffer to place {@code at} of the target. */
  private interface Sink {
    void take(int at, int count);
  }

  private void read(SafetensorsHeader.Entry entry, long firstElement, int count, Sink sink)
      throws IOException {
    Objects.checkFromIndexSize(firstElement, count, entry.info().elements());
    int size = entry.info().type().bytes();
    channel.position(dataStart + entry.begin() + firstElement * size);
    int done = 0;
    while (done < count) {
      int now = Math.min(count - done, BUFFER_BYTES / size);
      buffer.clear().limit(now * size);
      fill(source, channel, buffer);
      buffer.flip();
      sink.take(done, now);
      done += now;
    }
  }

  private void require(SafetensorsHeader.Entry entry, boolean condition, String kind) {
    if (!condition) {
      throw new FormatException(source, entry.info() + " cannot be read as " + kind);
    }
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new FormatException(
          source, "has no tensor \"" + name + "\" among its " + entries.size());
    }
    return entry;
  }

  private static void fill(String source, SeekableByteChannel channel, ByteBuffer buffer)
      throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new FormatException(
            source,
            "ended at byte "
                + channel.position()
                + " while it was read, "
                + buffer.remaining()
                + " bytes early");
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

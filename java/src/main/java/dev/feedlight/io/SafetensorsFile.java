package dev.feedlight.io;

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
public final class SafetensorsFile implements TensorFile {
  /** Longest header, in bytes; the limit of the format's own reader. */
  public static final int MAX_HEADER_BYTES = 100_000_000;

  private final String source;
  private final SeekableByteChannel channel;
  private final long dataStart;
  private final Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
  private final List<TensorInfo> tensors;
  private final Map<String, String> metadata;

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
    return open(file.toString(), Files.newByteChannel(file, StandardOpenOption.READ));
  }

  /**
   * Opens what a channel holds from its first byte to its last.
   *
   * @param source what messages call it
   * @param channel closed with the file, and at once if its content is refused
   * @return the open file, to be closed
   * @throws FormatException if the content is no sound safetensors file
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(String source, SeekableByteChannel channel)
      throws IOException {
    try {
      return read(source, channel);
    } catch (IOException | RuntimeException e) {
      try (channel) {
        throw e;
      }
    }
  }

  private static SafetensorsFile read(String source, SeekableByteChannel channel)
      throws IOException {
    channel.position(0);
    long size = channel.size();
    if (size < Long.BYTES) {
      throw new FormatException(source, "has " + size + " bytes, a safetensors file at least 8");
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteSource in = ByteSource.of(channel, source);
    in.fill(length);
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
    in.fill(ByteBuffer.wrap(json));
    if (json.length == 0 || json[0] != '{') {
      throw new FormatException(source, "its header does not begin with {");
    }
    long dataStart = Long.BYTES + headerBytes;
    return new SafetensorsFile(
        source, channel, dataStart, SafetensorsHeader.read(json, size - dataStart, source));
  }

  @Override
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

  @Override
  public TensorInfo tensor(String name) {
    return entry(name).info();
  }

  @Override
  public void read(String name, float[] target) throws IOException {
    requireWhole(name, target.length);
    read(name, 0, target);
  }

  @Override
  public void read(String name, int[] target) throws IOException {
    requireWhole(name, target.length);
    read(name, 0, target);
  }

  @Override
  public void read(String name, byte[] target) throws IOException {
    requireWhole(name, target.length);
    read(name, 0, target);
  }

  private void requireWhole(String name, int length) {
    entry(name).info().requireLength(length);
  }

  /**
   * Reads a part of a tensor of F32, F64, F16 or BF16.
   *
   * @param name the tensor
   * @param firstElement where to begin, in row-major order
   * @param target receives as many as it has room for
   * @throws FormatException if there is no such tensor or it holds other types
   * @throws IndexOutOfBoundsException if the tensor has too few elements
   * @throws IOException if the file cannot be read
   */
  public void read(String name, long firstElement, float[] target) throws IOException {
    elements(name, firstElement, target.length).read(target);
  }

  /**
   * Reads a part of a tensor of integers.
   *
   * @param name the tensor
   * @param firstElement where to begin, in row-major order
   * @param target receives as many as it has room for
   * @throws FormatException if there is no such tensor, it holds other types, or an integer beyond
   *     32 bits
   * @throws IndexOutOfBoundsException if the tensor has too few elements
   * @throws IOException if the file cannot be read
   */
  public void read(String name, long firstElement, int[] target) throws IOException {
    elements(name, firstElement, target.length).read(target);
  }

  /**
   * Reads a part of a tensor of I8, U8 or BOOL, bit by bit as it is.
   *
   * @param name the tensor
   * @param firstElement where to begin, in row-major order
   * @param target receives as many as it has room for
   * @throws FormatException if there is no such tensor or it holds other types
   * @throws IndexOutOfBoundsException if the tensor has too few elements
   * @throws IOException if the file cannot be read
   */
  public void read(String name, long firstElement, byte[] target) throws IOException {
    elements(name, firstElement, target.length).read(target);
  }

  private Elements elements(String name, long firstElement, int count) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    Objects.checkFromIndexSize(firstElement, count, entry.info().elements());
    StoredType type = entry.info().type();
    channel.position(dataStart + entry.begin() + firstElement * type.bytes());
    return new Elements(
        ByteSource.of(channel, source),
        ByteOrder.LITTLE_ENDIAN,
        type,
        source + ", tensor " + name,
        null,
        (long) count * type.bytes());
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new FormatException(
          source, "has no tensor \"" + name + "\" among its " + entries.size());
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

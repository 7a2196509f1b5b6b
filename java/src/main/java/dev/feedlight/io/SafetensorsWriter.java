package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes a safetensors file front to back: the header from what was announced, then the elements of
 * each tensor in the announced order, in pieces of any size, so that a tensor need never be in the
 * heap as a whole. The header is padded with spaces so that the data begin at a multiple of 8
 * bytes. The same content gives the same bytes.
 *
 * <p>A tensor is aligned to its own type if those before it are; announcing larger types first does
 * that. Readers do not need it.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;
  private static final int BUFFER_BYTES = 1 << 16;

  private final WritableByteChannel out;
  private final List<TensorInfo> tensors;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int current;
  private long written;

  /**
   * Writes the header.
   *
   * @param out receives the file; not closed here
   * @param tensors all that will be written, in this order; names differ and none is {@code
   *     __metadata__}
   * @param metadata free text, in the order of the map; may be empty
   * @throws IllegalArgumentException if two names are equal, a name is reserved or no sound
   *     Unicode, or the header would exceed {@link SafetensorsFile#MAX_HEADER_BYTES}
   * @throws IOException if it cannot be written
   */
  public SafetensorsWriter(
      WritableByteChannel out, List<TensorInfo> tensors, Map<String, String> metadata)
      throws IOException {
    this.out = out;
    this.tensors = List.copyOf(tensors);
    byte[] header = header(this.tensors, metadata);
    drain(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length));
    drain(ByteBuffer.wrap(header));
    skipEmpty();
  }

  private static byte[] header(List<TensorInfo> tensors, Map<String, String> metadata) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      object.put(SafetensorsHeader.METADATA, metadata);
    }
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (TensorInfo tensor : tensors) {
      if (tensor.name().equals(SafetensorsHeader.METADATA) || !names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "the tensor name \"" + tensor.name() + "\" is reserved or announced twice");
      }
      if (tensor.extents().size() > SafetensorsHeader.MAX_DIMENSIONS) {
        throw new IllegalArgumentException(
            tensor.name()
                + " has "
                + tensor.extents().size()
                + " dimensions, more than "
                + SafetensorsHeader.MAX_DIMENSIONS);
      }
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.type().name());
      entry.put("shape", tensor.extents());
      entry.put("data_offsets", List.of(offset, Math.addExact(offset, tensor.bytes())));
      object.put(tensor.name(), entry);
      offset = Math.addExact(offset, tensor.bytes());
    }
    byte[] json = Json.writeCompactObject(object);
    int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    if (padded > SafetensorsFile.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "a header of "
              + padded
              + " bytes exceeds the limit of "
              + SafetensorsFile.MAX_HEADER_BYTES);
    }
    byte[] header = Arrays.copyOf(json, padded);
    Arrays.fill(header, json.length, padded, " ".getBytes(StandardCharsets.US_ASCII)[0]);
    return header;
  }

  /**
   * Writes the next elements of an F32 tensor.
   *
   * @param name the tensor that is due, as a check
   * @param values holds the elements
   * @param from the first of them
   * @param count how many
   * @throws IllegalStateException if another tensor is due, or this one has fewer elements left
   * @throws IOException if it cannot be written
   */
  public void write(String name, float[] values, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, values.length);
    require(name, count, StoredType.F32);
    for (int done = 0; done < count; ) {
      int now = Math.min(count - done, BUFFER_BYTES / Float.BYTES);
      buffer.clear().limit(now * Float.BYTES);
      buffer.asFloatBuffer().put(values, from + done, now);
      drain(buffer);
      done += now;
    }
    advance(count);
  }

  /**
   * Writes the next elements of an I32 tensor.
   *
   * @param name the tensor that is due, as a check
   * @param values holds the elements
   * @param from the first of them
   * @param count how many
   * @throws IllegalStateException if another tensor is due, or this one has fewer elements left
   * @throws IOException if it cannot be written
   */
  public void write(String name, int[] values, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, values.length);
    require(name, count, StoredType.I32);
    for (int done = 0; done < count; ) {
      int now = Math.min(count - done, BUFFER_BYTES / Integer.BYTES);
      buffer.clear().limit(now * Integer.BYTES);
      buffer.asIntBuffer().put(values, from + done, now);
      drain(buffer);
      done += now;
    }
    advance(count);
  }

  /**
   * Writes the next elements of an I8, U8 or BOOL tensor.
   *
   * @param name the tensor that is due, as a check
   * @param values holds the elements
   * @param from the first of them
   * @param count how many
   * @throws IllegalStateException if another tensor is due, or this one has fewer elements left
   * @throws IOException if it cannot be written
   */
  public void write(String name, byte[] values, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, values.length);
    require(name, count, StoredType.I8, StoredType.U8, StoredType.BOOL);
    drain(ByteBuffer.wrap(values, from, count));
    advance(count);
  }

  /**
   * Says that all has been written.
   *
   * @throws IllegalStateException if elements are missing
   */
  public void finish() {
    if (current < tensors.size()) {
      TensorInfo due = tensors.get(current);
      throw new IllegalStateException(
          due + " has " + written + " of " + due.elements() + " elements");
    }
  }

  private void require(String name, int count, StoredType... types) {
    if (current == tensors.size()) {
      throw new IllegalStateException("all tensors are written, " + name + " is one too many");
    }
    TensorInfo due = tensors.get(current);
    if (!due.name().equals(name) || !List.of(types).contains(due.type())) {
      throw new IllegalStateException(
          due + " is due, not " + name + " of type " + Arrays.toString(types));
    }
    if (count > due.elements() - written) {
      throw new IllegalStateException(
          due + " has " + (due.elements() - written) + " elements left, not " + count);
    }
  }

  private void advance(int count) {
    written += count;
    if (written == tensors.get(current).elements()) {
      current++;
      written = 0;
      skipEmpty();
    }
  }

  private void skipEmpty() {
    while (current < tensors.size() && tensors.get(current).elements() == 0) {
      current++;
    }
  }

  private void drain(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}

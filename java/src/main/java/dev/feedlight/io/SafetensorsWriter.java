package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file front to back: the header from what was announced, then the elements of
 * each tensor in the announced order, in pieces of any size, so that a tensor need never be in the
 * heap as a whole. The header is padded with spaces so that the data begin at a multiple of 8
 * bytes. The same content gives the same bytes.
 *
 * <p>A tensor is aligned to its own type if those before it are; announcing larger types first does
 * that. Readers do not need it.
 */
public final class SafetensorsWriter implements TensorWriter {
  private static final int ALIGNMENT = 8;

  private final Announced announced;
  private final ElementWriter elements;

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
    this.announced = new Announced(tensors);
    this.elements = new ElementWriter(out, announced);
    byte[] header = header(announced.tensors(), metadata);
    ByteBuffer start =
        ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
    Durable.writeFully(out, start.putLong(header.length).put(header).flip());
    skipEmpty();
  }

  private static byte[] header(List<TensorInfo> tensors, Map<String, String> metadata) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      object.put(SafetensorsHeader.METADATA, metadata);
    }
    long offset = 0;
    for (TensorInfo tensor : tensors) {
      if (tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException("a tensor cannot be called " + tensor.name());
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

  @Override
  public void write(String name, float[] values, int from, int count) throws IOException {
    if (elements.write(name, values, from, count)) {
      skipEmpty();
    }
  }

  @Override
  public void write(String name, int[] values, int from, int count) throws IOException {
    if (elements.write(name, values, from, count)) {
      skipEmpty();
    }
  }

  @Override
  public void write(String name, byte[] values, int from, int count) throws IOException {
    if (elements.write(name, values, from, count)) {
      skipEmpty();
    }
  }

  /** Checks that all has been written; nothing follows the elements. */
  @Override
  public void finish() {
    announced.requireDone();
  }

  private void skipEmpty() {
    while (announced.nextIsEmpty()) {
      announced.advance(0);
    }
  }
}

package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** Little-endian elements of the announced tensors into a channel, through one buffer. */
final class ElementWriter {
  private static final int BUFFER_BYTES = 1 << 16;

  private final WritableByteChannel out;
  private final Announced announced;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  ElementWriter(WritableByteChannel out, Announced announced) {
    this.out = out;
    this.announced = announced;
  }

  /** The next elements of the tensor that is due; true if it is complete with them. */
  boolean write(String name, float[] values, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, values.length);
    announced.require(name, count, StoredType.F32);
    write(values, from, count);
    return announced.advance(count);
  }

  /** The same for integers. */
  boolean write(String name, int[] values, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, values.length);
    announced.require(name, count, StoredType.I32);
    write(values, from, count);
    return announced.advance(count);
  }

  /** The same for bytes. */
  boolean write(String name, byte[] values, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, values.length);
    announced.require(name, count, StoredType.I8, StoredType.U8, StoredType.BOOL);
    write(values, from, count);
    return announced.advance(count);
  }

  private void write(float[] values, int from, int count) throws IOException {
    int most = BUFFER_BYTES / Float.BYTES;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(count - done, most);
      buffer.clear().limit(now * Float.BYTES);
      buffer.asFloatBuffer().put(values, from + done, now);
      Durable.writeFully(out, buffer);
    }
  }

  private void write(int[] values, int from, int count) throws IOException {
    int most = BUFFER_BYTES / Integer.BYTES;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(count - done, most);
      buffer.clear().limit(now * Integer.BYTES);
      buffer.asIntBuffer().put(values, from + done, now);
      Durable.writeFully(out, buffer);
    }
  }

  /** Bytes that are not elements of a tensor. */
  void write(byte[] values, int from, int count) throws IOException {
    Durable.writeFully(out, ByteBuffer.wrap(values, from, count));
  }
}

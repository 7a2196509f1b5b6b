package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Little-endian elements into a channel, through one buffer. */
final class ElementWriter {
  private static final int BUFFER_BYTES = 1 << 16;

  private final WritableByteChannel out;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  ElementWriter(WritableByteChannel out) {
    this.out = out;
  }

  void write(float[] values, int from, int count) throws IOException {
    int most = BUFFER_BYTES / Float.BYTES;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(count - done, most);
      buffer.clear().limit(now * Float.BYTES);
      buffer.asFloatBuffer().put(values, from + done, now);
      Durable.writeFully(out, buffer);
    }
  }

  void write(int[] values, int from, int count) throws IOException {
    int most = BUFFER_BYTES / Integer.BYTES;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(count - done, most);
      buffer.clear().limit(now * Integer.BYTES);
      buffer.asIntBuffer().put(values, from + done, now);
      Durable.writeFully(out, buffer);
    }
  }

  void write(byte[] values, int from, int count) throws IOException {
    Durable.writeFully(out, ByteBuffer.wrap(values, from, count));
  }
}

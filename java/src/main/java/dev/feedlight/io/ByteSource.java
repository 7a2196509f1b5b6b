package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Bytes that come one after the other. */
@FunctionalInterface
interface ByteSource {
  /**
   * Fills the buffer up to its limit.
   *
   * @throws FormatException if there are fewer bytes
   * @throws IOException if they cannot be read
   */
  void fill(ByteBuffer buffer) throws IOException;

  /** The bytes of a channel from where it stands. */
  static ByteSource of(ReadableByteChannel channel, String source) {
    return buffer -> {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new FormatException(source, "ends " + buffer.remaining() + " bytes early");
        }
      }
    };
  }
}

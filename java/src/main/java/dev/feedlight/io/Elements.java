package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the elements of one tensor into an array, through a buffer. */
final class Elements {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ByteSource in;
  private final StoredType type;
  private final String what;
  private final ColumnMajor places;
  private final ByteBuffer buffer;

  /** Moves elements out of the buffer to a place of the array. */
  private interface Sink {
    void take(int at, int count);
  }

  /**
   * Binds a source of elements.
   *
   * @param in their bytes
   * @param order of the bytes of one element
   * @param type of the elements
   * @param what names them in messages
   * @param places where each goes, or null for one after the other
   * @param bytes that will be read at most, so that small tensors have small buffers
   */
  Elements(
      ByteSource in,
      ByteOrder order,
      StoredType type,
      String what,
      ColumnMajor places,
      long bytes) {
    this.in = in;
    this.type = type;
    this.what = what;
    this.places = places;
    this.buffer = ByteBuffer.allocate(Math.clamp(bytes, type.bytes(), BUFFER_BYTES)).order(order);
  }

  void read(float[] target) throws IOException {
    switch (type) {
      case F32 -> {
        if (places == null) {
          pieces(target.length, (at, count) -> buffer.asFloatBuffer().get(target, at, count));
        } else {
          each(target.length, at -> target[at] = buffer.getFloat());
        }
      }
      case F64 -> each(target.length, at -> target[at] = (float) buffer.getDouble());
      case F16 -> each(target.length, at -> target[at] = Float.float16ToFloat(buffer.getShort()));
      case BF16 ->
          each(target.length, at -> target[at] = Float.intBitsToFloat(buffer.getShort() << 16));
      default -> throw refusal("floats");
    }
  }

  void read(int[] target) throws IOException {
    switch (type) {
      case I32 -> each(target.length, at -> target[at] = buffer.getInt());
      case I64 -> each(target.length, at -> target[at] = narrow(buffer.getLong(), at));
      case I16 -> each(target.length, at -> target[at] = buffer.getShort());
      case U16 -> each(target.length, at -> target[at] = Short.toUnsignedInt(buffer.getShort()));
      case I8 -> each(target.length, at -> target[at] = buffer.get());
      case U8 -> each(target.length, at -> target[at] = Byte.toUnsignedInt(buffer.get()));
      default -> throw refusal("ints");
    }
  }

  void read(byte[] target) throws IOException {
    switch (type) {
      case I8, U8, BOOL -> {
        if (places == null) {
          in.fill(ByteBuffer.wrap(target));
        } else {
          each(target.length, at -> target[at] = buffer.get());
        }
      }
      default -> throw refusal("bytes");
    }
  }

  private int narrow(long value, int at) {
    if (value != (int) value) {
      throw new FormatException(what, "element " + at + " is " + value + ", beyond 32 bits");
    }
    return (int) value;
  }

  private FormatException refusal(String kind) {
    return new FormatException(what, "elements of type " + type + " are not read as " + kind);
  }

  /** Takes one element from the buffer to a place of the array. */
  private interface ElementSink {
    void take(int at);
  }

  private void each(int count, ElementSink sink) throws IOException {
    pieces(
        count,
        (first, now) -> {
          for (int i = 0; i < now; i++) {
            sink.take(places == null ? first + i : places.next());
          }
        });
  }

  private void pieces(int count, Sink sink) throws IOException {
    int most = buffer.capacity() / type.bytes();
    for (int done = 0; done < count; done += most) {
      int now = Math.min(count - done, most);
      in.fill(buffer.clear().limit(now * type.bytes()));
      buffer.flip();
      sink.take(done, now);
    }
  }
}

package dev.feedlight.io;

import java.nio.ByteBuffer;

/** Elements between bytes, in the order of the buffer, and Java arrays. */
final class Elements {
  private Elements() {}

  /** Takes elements as floats; doubles are rounded to the nearest, all others are exact. */
  static void get(ByteBuffer from, StoredType type, float[] to, int offset, int count) {
    switch (type) {
      case F32 -> {
        from.asFloatBuffer().get(to, offset, count);
        from.position(from.position() + count * Float.BYTES);
      }
      case F64 -> {
        for (int i = 0; i < count; i++) {
          to[offset + i] = (float) from.getDouble();
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          to[offset + i] = Float.float16ToFloat(from.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          to[offset + i] = Float.intBitsToFloat(from.getShort() << 16);
        }
      }
      default -> throw new IllegalArgumentException(type + " is not read as floats");
    }
  }

  /** Takes elements as ints. */
  static void get(ByteBuffer from, StoredType type, int[] to, int offset, int count) {
    if (type != StoredType.I32) {
      throw new IllegalArgumentException(type + " is not read as ints");
    }
    from.asIntBuffer().get(to, offset, count);
    from.position(from.position() + count * Integer.BYTES);
  }

  /** Takes elements as bytes. */
  static void get(ByteBuffer from, StoredType type, byte[] to, int offset, int count) {
    if (!bytes(type)) {
      throw new IllegalArgumentException(type + " is not read as bytes");
    }
    from.get(to, offset, count);
  }

  static boolean floats(StoredType type) {
    return switch (type) {
      case F32, F64, F16, BF16 -> true;
      default -> false;
    };
  }

  static boolean bytes(StoredType type) {
    return switch (type) {
      case I8, U8, BOOL -> true;
      default -> false;
    };
  }
}

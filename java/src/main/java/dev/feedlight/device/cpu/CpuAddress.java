package dev.feedlight.device.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Raw addresses. One segment over everything is as fast as an array; any other segment is 2 to 15
 * times slower in vector loops. Whoever uses it has checked its bounds before.
 */
final class CpuAddress {
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private CpuAddress() {}

  static float getFloat(long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  static float getFloat(long base, long index) {
    return getFloat(base + index * Float.BYTES);
  }

  static void setFloat(long address, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  static void setFloat(long base, long index, float value) {
    setFloat(base + index * Float.BYTES, value);
  }

  static int getInt(long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  static int getInt(long base, long index) {
    return getInt(base + index * Integer.BYTES);
  }

  static void setInt(long address, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  static void setInt(long base, long index, int value) {
    setInt(base + index * Integer.BYTES, value);
  }

  static long getLong(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  static byte getByte(long base, long index) {
    return ALL.get(ValueLayout.JAVA_BYTE, base + index);
  }

  static void setByte(long base, long index, byte value) {
    ALL.set(ValueLayout.JAVA_BYTE, base + index, value);
  }

  static void setShort(long base, long index, short value) {
    ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, base + index * Short.BYTES, value);
  }

  static void zeroFloats(long address, long n) {
    for (long i = 0; i < n; i++) {
      setFloat(address, i, 0);
    }
  }

  static void copyFloats(long target, long source, long n) {
    MemorySegment.copy(ALL, source, ALL, target, n * Float.BYTES);
  }
}

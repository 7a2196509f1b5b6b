package dev.feedlight.device.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads and writes at raw addresses, without bounds: for loops over checked tensors only. */
final class PlainMemory {
  /** All of memory; static and final, so that the compiler sees through it. */
  private static final MemorySegment ALL = CpuAddress.ALL;

  private PlainMemory() {}

  static float getFloat(long base, long index) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, base + index * Float.BYTES);
  }

  static void setFloat(long base, long index, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, base + index * Float.BYTES, value);
  }

  static int getInt(long base, long index) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, base + index * Integer.BYTES);
  }

  static void setInt(long base, long index, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, base + index * Integer.BYTES, value);
  }

  static byte getByte(long base, long index) {
    return ALL.get(ValueLayout.JAVA_BYTE, base + index);
  }

  static void setByte(long base, long index, byte value) {
    ALL.set(ValueLayout.JAVA_BYTE, base + index, value);
  }

  static void copyFloats(long target, long source, long n) {
    MemorySegment.copy(ALL, source, ALL, target, n * Float.BYTES);
  }
}

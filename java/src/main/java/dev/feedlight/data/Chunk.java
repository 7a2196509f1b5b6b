package dev.feedlight.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Rows pass between arrays and memory in chunks of this many floats (ours, measured). Bulk copies
 * cost the same for every kind of memory; writing floats one by one costs ten times as much as soon
 * as one program uses both heap and native segments, and a buffer per row is slower to clear.
 */
final class Chunk {
  /** Floats; a multiple of the four words of a Philox block. */
  static final int SIZE = 256;

  private Chunk() {}

  /** The floats of a row that go into the chunk that starts at {@code first}. */
  static int length(int first, int rowLength) {
    return Math.min(SIZE, rowLength - first);
  }

  /** Writes the first {@code count} floats to place {@code first} of the row at {@code offset}. */
  static void write(float[] chunk, int count, MemorySegment row, long offset, int first) {
    MemorySegment.copy(chunk, 0, row, JAVA_FLOAT_UNALIGNED, at(offset, first), count);
  }

  /** Reads {@code count} floats from place {@code first} of the row at {@code offset}. */
  static void read(MemorySegment row, long offset, int first, float[] chunk, int count) {
    MemorySegment.copy(row, JAVA_FLOAT_UNALIGNED, at(offset, first), chunk, 0, count);
  }

  private static long at(long offset, int first) {
    return offset + (long) first * Float.BYTES;
  }
}

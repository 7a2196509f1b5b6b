package dev.feedlight.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Small buffers of one thread, so that loops run in stages that the compiler digests and allocate
 * nothing. 44 KB in all, of which a loop uses half: they stay in the first-level cache.
 */
final class VectorScratch {
  /** Philox blocks per stage; ours: the fastest of 128 to 2048. */
  static final int BLOCKS = 512;

  /** Bytes of {@link #words} and {@link #planes}. */
  static final int BYTES = BLOCKS * PlainRandom.WORDS * Integer.BYTES;

  private static final int ALIGNMENT = 64;

  /** Round keys of {@link VectorPhilox}. */
  final long[] schedule = new long[VectorPhilox.SCHEDULE];

  /** Partial sums of {@link PlainSums}. */
  final double[] strands = new double[PlainSums.PARTIALS];

  /** Indices into a table. */
  final int[] indices = new int[BLOCKS * PlainRandom.WORDS];

  /** Words 0 and 1 of {@link #BLOCKS} blocks. */
  final long low;

  /** Words 2 and 3 of the blocks. */
  final long high;

  /** All words of the blocks in order; or four planes of floats. */
  final long words;

  /** Four planes of floats. */
  final long planes;

  /** Longs 0, 1, 2, ... below {@link #BLOCKS}. */
  final long ascending;

  /** Longs, one for each block. */
  final long counters;

  /** Two planes of floats: what pixels differ in. */
  final long response;

  @SuppressWarnings("unused") // keeps the memory until the scratch itself is garbage
  private final Arena arena = Arena.ofAuto();

  VectorScratch() {
    low = arena.allocate(BYTES / 2, ALIGNMENT).address();
    high = arena.allocate(BYTES / 2, ALIGNMENT).address();
    words = arena.allocate(BYTES, ALIGNMENT).address();
    planes = arena.allocate(BYTES, ALIGNMENT).address();
    counters = arena.allocate((long) BLOCKS * Long.BYTES, ALIGNMENT).address();
    response = arena.allocate(BYTES / 2, ALIGNMENT).address();
    MemorySegment numbers = arena.allocate((long) BLOCKS * Long.BYTES, ALIGNMENT);
    for (int i = 0; i < BLOCKS; i++) {
      numbers.setAtIndex(ValueLayout.JAVA_LONG, i, i);
    }
    ascending = numbers.address();
  }
}

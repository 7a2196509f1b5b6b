package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.LONGS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.feedlight.tensor.Philox;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Philox4x32-10 with one block per 64-bit lane; the same bits as {@link Philox}. Words live in the
 * low halves; the high halves hold rubbish, which the products mask away.
 */
final class VectorPhilox {
  /** Two 32-bit keys for each round. */
  static final int SCHEDULE = 2 * Philox.ROUNDS;

  /** Blocks per vector. */
  static final int LANES = LONGS.length();

  private static final long WORD = 0xFFFFFFFFL;
  private static final long MULTIPLIER_0 = Philox.MULTIPLIER_0 & WORD;
  private static final long MULTIPLIER_1 = Philox.MULTIPLIER_1 & WORD;
  private static final VectorShuffle<Long> ZIP_FIRST = VectorShuffle.makeZip(LONGS, 0);
  private static final VectorShuffle<Long> ZIP_SECOND = VectorShuffle.makeZip(LONGS, 1);

  private VectorPhilox() {}

  /** Writes the round keys. */
  static void schedule(long key, long[] schedule) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < Philox.ROUNDS; round++) {
      schedule[2 * round] = k0 & WORD;
      schedule[2 * round + 1] = k1 & WORD;
      k0 += Philox.WEYL_0;
      k1 += Philox.WEYL_1;
    }
  }

  /**
   * Blocks with counters (first + counters[i], c1, c2, c3) for i in [0, vectors * {@link #LANES}):
   * words 0 and 1 of block i to {@code low + 8 i}, words 2 and 3 to {@code high + 8 i}. {@code
   * counters} is the address of longs, those of {@link VectorScratch#ascending} for consecutive
   * blocks.
   *
   * <p>Written out without a loop over the rounds and without helpers, because only so does the
   * compiler keep everything in registers and see that both factors have 32 bits: a helper is no
   * longer inlined in a method of this size, and a mask in front of a loop variable is moved away
   * from its product. Half of the first two rounds is the same for all lanes and is done in
   * scalars.
   */
  static void pairs(
      long low,
      long high,
      long counters,
      long first,
      int c1,
      int c2,
      int c3,
      int vectors,
      long[] k) {
    long uniform1 = (c2 & WORD) * MULTIPLIER_1;
    long uniform2 = ((uniform1 >>> 32) ^ (c1 & WORD) ^ k[0]) * MULTIPLIER_0;
    LongVector m0 = LongVector.broadcast(LONGS, MULTIPLIER_0).and(WORD);
    LongVector m1 = LongVector.broadcast(LONGS, MULTIPLIER_1).and(WORD);
    LongVector uniformD = LongVector.broadcast(LONGS, uniform2 & WORD);
    for (int v = 0; v < vectors; v++) {
      LongVector d =
          LongVector.fromMemorySegment(LONGS, ALL, counters + (long) v * LANES * Long.BYTES, ORDER)
              .add(first)
              .and(WORD)
              .mul(m0);
      LongVector c = d.lanewise(LSHR, 32).lanewise(XOR, c3 & WORD).lanewise(XOR, k[1]);
      LongVector b = c.and(WORD).mul(m1);
      LongVector a = b.lanewise(LSHR, 32).lanewise(XOR, uniform1 & WORD).lanewise(XOR, k[2]);
      c = d.lanewise(XOR, uniform2 >>> 32).lanewise(XOR, k[3]);
      d = uniformD;
      LongVector p = a.and(WORD).mul(m0);
      LongVector q = c.and(WORD).mul(m1);
      a = q.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, k[4]);
      c = p.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, k[5]);
      b = q;
      d = p;
      p = a.and(WORD).mul(m0);
      q = c.and(WORD).mul(m1);
      a = q.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, k[6]);
      c = p.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, k[7]);
      b = q;
      d = p;
      p = a.and(WORD).mul(m0);
      q = c.and(WORD).mul(m1);
      a = q.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, k[8]);
      c = p.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, k[9]);
      b = q;
      d = p;
      p = a.and(WORD).mul(m0);
      q = c.and(WORD).mul(m1);
      a = q.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, k[10]);
      c = p.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, k[11]);
      b = q;
      d = p;
      p = a.and(WORD).mul(m0);
      q = c.and(WORD).mul(m1);
      a = q.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, k[12]);
      c = p.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, k[13]);
      b = q;
      d = p;
      p = a.and(WORD).mul(m0);
      q = c.and(WORD).mul(m1);
      a = q.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, k[14]);
      c = p.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, k[15]);
      b = q;
      d = p;
      p = a.and(WORD).mul(m0);
      q = c.and(WORD).mul(m1);
      a = q.lanewise(LSHR, 32).lanewise(XOR, b).lanewise(XOR, k[16]);
      c = p.lanewise(LSHR, 32).lanewise(XOR, d).lanewise(XOR, k[17]);
      b = q;
      d = p;
      p = a.and(WORD).mul(m0);
      q = c.and(WORD).mul(m1);
      // The last round's two words change places in one rotation.
      long offset = (long) v * LANES * Long.BYTES;
      q.lanewise(ROR, 32)
          .lanewise(XOR, b.and(WORD))
          .lanewise(XOR, k[18])
          .intoMemorySegment(ALL, low + offset, ORDER);
      p.lanewise(ROR, 32)
          .lanewise(XOR, d.and(WORD))
          .lanewise(XOR, k[19])
          .intoMemorySegment(ALL, high + offset, ORDER);
    }
  }

  /**
   * The four words of each block in order, through the pairs in the scratch.
   *
   * @param blocks at most {@link VectorScratch#BLOCKS}; rounded up to whole vectors
   */
  static void words(VectorScratch scratch, long first, int c1, int c2, int c3, int blocks) {
    int vectors = vectors(blocks);
    pairs(
        scratch.low, scratch.high, scratch.ascending, first, c1, c2, c3, vectors, scratch.schedule);
    for (int v = 0; v < vectors; v++) {
      long offset = (long) v * LANES * Long.BYTES;
      LongVector low = LongVector.fromMemorySegment(LONGS, ALL, scratch.low + offset, ORDER);
      LongVector high = LongVector.fromMemorySegment(LONGS, ALL, scratch.high + offset, ORDER);
      low.rearrange(ZIP_FIRST, high).intoMemorySegment(ALL, scratch.words + 2 * offset, ORDER);
      low.rearrange(ZIP_SECOND, high)
          .intoMemorySegment(ALL, scratch.words + 2 * offset + (long) LANES * Long.BYTES, ORDER);
    }
  }

  /** Vectors that hold so many blocks. */
  static int vectors(int blocks) {
    return (blocks + LANES - 1) / LANES;
  }
}

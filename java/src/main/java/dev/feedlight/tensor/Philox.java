package dev.feedlight.tensor;

/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011). Every random number of Feedlight is a function of a key and a counter, so
 * that it does not depend on order, tiling, threads or device.
 *
 * <p>This scalar form is the definition; vectorised and CUDA forms must give the same bits.
 */
public final class Philox {
  /** First round multiplier (Salmon et al., table 2). */
  public static final int MULTIPLIER_0 = 0xD2511F53;

  /** Second round multiplier. */
  public static final int MULTIPLIER_1 = 0xCD9E8D57;

  /** Weyl increment of the low key word (golden ratio). */
  public static final int WEYL_0 = 0x9E3779B9;

  /** Weyl increment of the high key word (sqrt(3) - 1). */
  public static final int WEYL_1 = 0xBB67AE85;

  /** Rounds; ten is the authors' recommendation with a safety margin. */
  public static final int ROUNDS = 10;

  private Philox() {}

  /**
   * Writes the four words of one block.
   *
   * @param key the 64-bit key; low word first
   * @param c0 counter word 0
   * @param c1 counter word 1
   * @param c2 counter word 2
   * @param c3 counter word 3
   * @param out receives four 32-bit words
   */
  public static void block(long key, int c0, int c1, int c2, int c3, int[] out) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /**
   * Derives an independent key, so that one user-visible seed feeds many streams.
   *
   * @param seed the seed
   * @param purpose what the stream is for; see {@link Stream}
   * @param index which one of its kind, for example the number of a layer
   * @return a 64-bit key
   */
  public static long deriveKey(long seed, Stream purpose, int index) {
    int[] words = new int[4];
    block(seed, purpose.number(), index, 0, 0x4B455953, words);
    return (words[0] & 0xFFFFFFFFL) | ((long) words[1] << 32);
  }
}

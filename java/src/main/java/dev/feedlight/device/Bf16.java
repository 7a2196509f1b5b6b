package dev.feedlight.device;

/**
 * bfloat16: the upper half of an fp32 number, with its range and 8 significant bits. Rounding is to
 * nearest, ties to even, as processors and graphics cards do it: the relative error of a normal
 * number is at most 2^-9. Infinities stay, a finite number of 2^128 (1 - 2^-9) or more becomes one,
 * and a NaN stays a (quiet) NaN.
 */
public final class Bf16 {
  /** Bits that are dropped. */
  private static final int DROPPED = 16;

  /** One half of the last place that is kept, less one: ties are decided by that place's bit. */
  private static final int HALF_LESS_ONE = 0x7FFF;

  private static final int QUIET = 0x40;

  private Bf16() {}

  /**
   * Rounds.
   *
   * @param value any float
   * @return the 16 bits of the nearest bfloat16
   */
  public static short bits(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // The carry of a rounding could turn it into an infinity.
      return (short) ((bits >>> DROPPED) | QUIET);
    }
    int lastKept = (bits >>> DROPPED) & 1;
    return (short) ((bits + HALF_LESS_ONE + lastKept) >>> DROPPED);
  }

  /**
   * Rounds.
   *
   * @param value any float
   * @return the nearest bfloat16, as a float
   */
  public static float round(float value) {
    return Float.intBitsToFloat(bits(value) << DROPPED);
  }
}

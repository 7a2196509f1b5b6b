package dev.feedlight.device;

/**
 * TensorFloat-32, the operands of NVIDIA's tensor cores: the range of fp32 with 11 significant bits
 * instead of 24. Rounding is to nearest, ties away from zero, as {@code cvt.rna.tf32.f32} does it
 * (PTX ISA manual): the relative error of a normal number is at most 2^-11. Infinities stay, a
 * finite number of 2^128 (1 - 2^-12) or more becomes one, and a NaN stays a NaN.
 */
public final class Tf32 {
  /** One half of the last place that is kept. */
  private static final int HALF = 0x1000;

  private static final int KEPT = 0xFFFF_E000;

  private Tf32() {}

  /**
   * Rounds.
   *
   * @param value any float
   * @return the nearest number of 11 significant bits
   */
  public static float round(float value) {
    if (Float.isNaN(value)) {
      // The carry of a rounding could turn it into a number.
      return Float.NaN;
    }
    return Float.intBitsToFloat((Float.floatToRawIntBits(value) + HALF) & KEPT);
  }
}

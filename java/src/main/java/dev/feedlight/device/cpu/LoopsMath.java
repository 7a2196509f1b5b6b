package dev.feedlight.device.cpu;

/**
 * The elementary functions of both {@link Loops} in fp32: one stated sequence of operations, so
 * that plain and vector code give the same bits. {@code fma} stands for one fused rounding,
 * everything else is rounded by itself. Coefficients are ours: weighted least squares (Lawson) on
 * Chebyshev points, rounded to fp32. A result that is NaN is NaN in both, its payload is not
 * defined.
 */
final class LoopsMath {
  /** Beyond this, tanh is 1 in fp32. */
  static final float TANH_LIMIT = 9;

  static final float TANH_P1 = 0.13383982f;
  static final float TANH_P2 = 0.003498997f;
  static final float TANH_P3 = 2.0661242e-5f;
  static final float TANH_P4 = 1.3419734e-8f;
  static final float TANH_Q1 = 0.46717304f;
  static final float TANH_Q2 = 0.025890213f;
  static final float TANH_Q3 = 3.2910384e-4f;
  static final float TANH_Q4 = 7.804705e-7f;

  /** Beyond this, exp(-x) counts as 0; below it lie the subnormal numbers. */
  static final float EXP_LIMIT = 87;

  static final float LOG2_E = 1.442695f;

  /** ln 2 in two parts; the first has 9 bits, so that its product with an exponent is exact. */
  static final float LN2_HIGH = 0x1.63p-1f;

  static final float LN2_LOW = -2.1219444e-4f;

  /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits. */
  static final float ROUNDER = 0x1.8p23f;

  /** The bits of 1. */
  static final int ONE_BITS = 0x3F800000;

  static final float EXP_C2 = 0.49999994f;
  static final float EXP_C3 = 0.16666521f;
  static final float EXP_C4 = 0.04166839f;
  static final float EXP_C5 = 0.008368711f;
  static final float EXP_C6 = 0.001381461f;

  /** Beyond this, the normal distribution function is 0 or 1 to 1.1e-8. */
  static final float PHI_LIMIT = 5.6f;

  static final float PHI_P0 = 0.39894226f;
  static final float PHI_P1 = 0.03420916f;
  static final float PHI_P2 = 0.004696076f;
  static final float PHI_P3 = 1.7198896e-4f;
  static final float PHI_P4 = 6.3288185e-6f;
  static final float PHI_P5 = 2.21888e-8f;
  static final float PHI_Q1 = 0.25241572f;
  static final float PHI_Q2 = 0.028841920f;
  static final float PHI_Q3 = 0.0019026838f;
  static final float PHI_Q4 = 7.442135e-5f;
  static final float PHI_Q5 = 1.1793892e-6f;

  /** Where z times the normal density is 0 in fp32. */
  static final float DENSITY_LIMIT = 14;

  /** 1 / sqrt(2 pi). */
  static final float DENSITY_AT_0 = 0.3989423f;

  private LoopsMath() {}

  /** tanh z; relative error at most 4e-7, NaN for NaN. */
  static float tanh(float z) {
    float x = clamp(z, TANH_LIMIT);
    float s = x * x;
    float p = Math.fma(TANH_P4, s, TANH_P3);
    p = Math.fma(p, s, TANH_P2);
    p = Math.fma(p, s, TANH_P1);
    p = Math.fma(p, s, 1f);
    float q = Math.fma(TANH_Q4, s, TANH_Q3);
    q = Math.fma(q, s, TANH_Q2);
    q = Math.fma(q, s, TANH_Q1);
    q = Math.fma(q, s, 1f);
    return clamp(x * p / q, 1);
  }

  /** exp x for x at most 0; relative error at most 2e-7, 0 below -87, NaN for NaN. */
  static float expOfNegative(float x) {
    float a = x < -EXP_LIMIT ? -EXP_LIMIT : x;
    float shifted = Math.fma(a, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, a);
    r = Math.fma(n, -LN2_LOW, r);
    float q = Math.fma(EXP_C6, r, EXP_C5);
    q = Math.fma(q, r, EXP_C4);
    q = Math.fma(q, r, EXP_C3);
    q = Math.fma(q, r, EXP_C2);
    float tail = Math.fma(q, r * r, r);
    float power = Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + ONE_BITS);
    float e = (1f + tail) * power;
    return x < -EXP_LIMIT ? 0 : e;
  }

  /** 1 / (1 + exp(-z)); relative error at most 4e-7 (0 below -87), NaN for NaN. */
  static float sigmoid(float z) {
    float e = expOfNegative(-Math.abs(z));
    return (z < 0 ? e : 1f) / (1f + e);
  }

  /** z Phi(z); absolute error at most 1e-6, or relative 4e-7 where that is more. */
  static float gelu(float z) {
    return z < -PHI_LIMIT ? 0 : z * phi(z);
  }

  /** Phi(z) + z phi(z), the derivative of GELU; absolute error at most 1e-6. */
  static float geluGradient(float z) {
    float x = clamp(z, DENSITY_LIMIT);
    float density = expOfNegative(x * x * -0.5f) * DENSITY_AT_0;
    return Math.fma(x, density, phi(z));
  }

  /** The normal distribution function; absolute error at most 1.5e-7. */
  private static float phi(float z) {
    float x = clamp(z, PHI_LIMIT);
    float s = x * x;
    float p = Math.fma(PHI_P5, s, PHI_P4);
    p = Math.fma(p, s, PHI_P3);
    p = Math.fma(p, s, PHI_P2);
    p = Math.fma(p, s, PHI_P1);
    p = Math.fma(p, s, PHI_P0);
    float q = Math.fma(PHI_Q5, s, PHI_Q4);
    q = Math.fma(q, s, PHI_Q3);
    q = Math.fma(q, s, PHI_Q2);
    q = Math.fma(q, s, PHI_Q1);
    q = Math.fma(q, s, 1f);
    return 0.5f + clamp(x * p / q, 0.5f);
  }

  /** x brought into [-limit, limit]; NaN stays. */
  private static float clamp(float x, float limit) {
    float y = x < -limit ? -limit : x;
    return y > limit ? limit : y;
  }
}

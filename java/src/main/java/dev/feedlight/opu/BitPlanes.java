package dev.feedlight.opu;

/**
 * Numbers rounded to whole steps and shown bit by bit (lightonml: SeparatedBitPlanEncoder and
 * SeparatedBitPlanDecoder; ours has one scale for both signs). Plane b holds bit b of |x| / step
 * with the sign of x: its positive and its negative mirrors are one ternary vector, so that a
 * linear projection takes one read-out per bit, not two. Its weight is step 2^b, and
 *
 * <pre>
 * step = largest / (2^bits - 1)        |x| above the largest counts as the largest
 * </pre>
 *
 * @param bits planes, 1 to 16
 * @param signed whether numbers below 0 are encoded; otherwise they are refused
 * @param range where the scale ends
 */
public record BitPlanes(int bits, boolean signed, Range range) implements Encoder {
  /** Planes of lightonml for floats, each with two signs. */
  public static final int DEFAULT_BITS = 6;

  /** Most planes (ours): a number that needs more does not gain by optics. */
  public static final int MAX_BITS = 16;

  /** The modulus that all bits together stand for. */
  public sealed interface Range {
    /**
     * Given.
     *
     * @param largest positive and finite
     */
    record UpTo(float largest) implements Range {
      /** Checks the value. */
      public UpTo {
        if (!(largest > 0) || Float.isInfinite(largest)) {
          throw new IllegalArgumentException(
              "the largest number of bit planes is positive and finite, not " + largest);
        }
      }
    }

    /** The largest modulus of the data that the encoder is fitted to. */
    record OfData() implements Range {}
  }

  /** Checks the number of bits. */
  public BitPlanes {
    if (bits < 1 || bits > MAX_BITS) {
      throw new IllegalArgumentException("bit planes are 1 to " + MAX_BITS + ", not " + bits);
    }
  }

  /**
   * Numbers of both signs, scaled to the data that the encoder is fitted to.
   *
   * @param bits planes, 1 to 16
   * @return the encoder
   */
  public static BitPlanes signed(int bits) {
    return new BitPlanes(bits, true, new Range.OfData());
  }

  /**
   * Numbers from 0 on, scaled to the data that the encoder is fitted to.
   *
   * @param bits planes, 1 to 16
   * @return the encoder
   */
  public static BitPlanes unsigned(int bits) {
    return new BitPlanes(bits, false, new Range.OfData());
  }

  /**
   * The same planes with a scale that needs no data.
   *
   * @param largest modulus that all bits together stand for
   * @return a copy
   */
  public BitPlanes upTo(float largest) {
    return new BitPlanes(bits, signed, new Range.UpTo(largest));
  }

  @Override
  public Encoding fit(float[] rows, int inputs) {
    Encoding.requireRows(rows, inputs);
    for (int i = 0; i < rows.length; i++) {
      requireSign(rows[i], i, inputs);
    }
    return switch (range) {
      case Range.UpTo _ -> fit(inputs);
      case Range.OfData _ -> {
        float largest = 0;
        for (float value : rows) {
          largest = Math.max(largest, Math.abs(value));
        }
        if (largest == 0) {
          throw new IllegalArgumentException(
              "all " + rows.length + " entries are 0, which gives bit planes no scale; upTo does");
        }
        yield scaled(inputs, largest);
      }
    };
  }

  @Override
  public Encoding fit(int inputs) {
    return switch (range) {
      case Range.UpTo(float largest) -> scaled(inputs, largest);
      case Range.OfData _ ->
          throw new IllegalStateException(
              "the scale of "
                  + bits
                  + " bit planes is learnt from data: fit(rows, inputs), or give it by upTo");
    };
  }

  private Encoding scaled(int inputs, float largest) {
    int most = (1 << bits) - 1;
    double step = (double) largest / most;
    if (step < Float.MIN_NORMAL) {
      throw new IllegalArgumentException(
          "steps of " + largest + " / " + most + " are too small for fp32; scale the data");
    }
    float[] weights = new float[bits];
    for (int bit = 0; bit < bits; bit++) {
      weights[bit] = (float) Math.scalb(step, bit);
    }
    return new Encoding(
        inputs,
        weights,
        signed,
        (rows, from, planes, to) -> {
          for (int i = 0; i < inputs; i++) {
            float value = rows[from + i];
            requireSign(value, from + i, inputs);
            int steps = (int) Math.min(most, Math.rint(Math.abs(value) / step));
            int sign = value < 0 ? -1 : 1;
            for (int bit = 0; bit < bits; bit++) {
              planes[to + bit * inputs + i] = (byte) (sign * (steps >> bit & 1));
            }
          }
        });
  }

  private void requireSign(float value, int i, int inputs) {
    if (value < 0 && !signed) {
      throw new IllegalArgumentException(
          "entry "
              + i % inputs
              + " of row "
              + i / inputs
              + " is "
              + value
              + "; bit planes without signs show numbers from 0 on");
    }
  }
}

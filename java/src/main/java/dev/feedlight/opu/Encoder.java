package dev.feedlight.opu;

/**
 * How rows of numbers become patterns of mirrors. A description: {@link #fit} looks at data and
 * makes the {@link Encoding} that works.
 */
public sealed interface Encoder permits BinaryThreshold, BitPlanes {
  /**
   * Looks at data.
   *
   * @param rows finite numbers; a whole number of rows, one after the other
   * @param inputs entries of a row
   * @return what encodes rows of this width
   * @throws IllegalArgumentException if the length does not fit, an entry is not finite, or the
   *     data do not tell what is to be learnt from them
   */
  Encoding fit(float[] rows, int inputs);

  /**
   * Makes an encoding without data.
   *
   * @param inputs entries of a row
   * @return what encodes rows of this width
   * @throws IllegalStateException if the encoder has something to learn from data
   */
  Encoding fit(int inputs);
}

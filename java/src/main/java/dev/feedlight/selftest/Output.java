package dev.feedlight.selftest;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;

/**
 * A result of a parity case, on the host.
 *
 * @param name which operand it is
 * @param shape rows and columns
 * @param dtype element type on the device
 * @param words row-major values; raw bits for F32
 * @param tolerance how it is compared
 */
@SuppressWarnings("ArrayRecordComponent")
public record Output(String name, Shape shape, DType dtype, int[] words, Tolerance tolerance) {
  /**
   * Compares what a device made with this, the oracle's result.
   *
   * @param actual the same output of the same case on another device
   * @return the verdict
   */
  public Comparison compare(Output actual) {
    if (dtype != DType.F32) {
      return Comparison.ofIntegers(words, actual.words);
    }
    return switch (tolerance) {
      case Tolerance.Exact _ -> Comparison.ofBits(floats(), actual.floats());
      case Tolerance.Bounded(String _, var bounds) ->
          Comparison.of(doubles(), actual.doubles(), bounds.get());
    };
  }

  private float[] floats() {
    float[] values = new float[words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(words[i]);
    }
    return values;
  }

  private double[] doubles() {
    double[] values = new double[words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(words[i]);
    }
    return values;
  }
}

package dev.feedlight.device.reference;

import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Tensor;

/**
 * Ternary rules. Thresholds are compared in single precision, because the result is part of the
 * contract. An element that is NaN gives 0; in a row with NaN the maximum and the rms are NaN, so
 * that the relative rules give 0 everywhere. The finite check is an operation of its own.
 */
final class ReferenceTernarizer {
  private ReferenceTernarizer() {}

  static void ternarize(
      Tensor ternary,
      Tensor counts,
      Tensor error,
      TernaryRule rule,
      long key,
      StepControl control) {
    Cells out = new Cells(ternary);
    Cells n = new Cells(counts);
    Cells e = new Cells(error);
    long projection = new ControlWords(control).wide(StepControl.PROJECTION);
    for (long row = 0; row < out.rows(); row++) {
      Selection selection = selection(rule, e, row, key, projection + row);
      int positive = 0;
      int negative = 0;
      for (long column = 0; column < out.columns(); column++) {
        float value = e.real(row, column);
        int sign = value > 0 ? 1 : value < 0 ? -1 : 0;
        int t = selection.keeps(Math.abs(value), column) ? sign : 0;
        positive += t == 1 ? 1 : 0;
        negative += t == -1 ? 1 : 0;
        out.put(row, column, t);
      }
      n.put(row, 0, positive);
      n.put(row, 1, negative);
    }
  }

  private static Selection selection(
      TernaryRule rule, Cells e, long row, long key, long projection) {
    return switch (rule) {
      case TernaryRule.Sign _ -> (magnitude, _) -> magnitude > 0;
      case TernaryRule.Absolute(float threshold) -> {
        float batch = e.rows();
        yield (magnitude, _) -> magnitude * batch > threshold;
      }
      case TernaryRule.RelativeToMax(float fraction) -> {
        float threshold = fraction * maximum(e, row);
        yield (magnitude, _) -> magnitude > threshold;
      }
      case TernaryRule.RelativeToRms(float factor) -> {
        float threshold = (float) (factor * rms(e, row));
        yield (magnitude, _) -> magnitude > threshold;
      }
      case TernaryRule.Stochastic _ -> {
        float maximum = maximum(e, row);
        int[] block = new int[4];
        yield (magnitude, column) -> {
          Philox.block(
              key, (int) (column / 4), (int) projection, (int) (projection >>> 32), 0, block);
          float uniform = (block[(int) (column & 3)] >>> 8) * 0x1p-24f;
          return uniform * maximum < magnitude;
        };
      }
    };
  }

  private static float maximum(Cells e, long row) {
    float maximum = 0;
    for (long column = 0; column < e.columns(); column++) {
      maximum = Math.max(maximum, Math.abs(e.real(row, column)));
    }
    return maximum;
  }

  private static double rms(Cells e, long row) {
    double squares = 0;
    for (long column = 0; column < e.columns(); column++) {
      squares += (double) e.real(row, column) * e.real(row, column);
    }
    return Math.sqrt(squares / e.columns());
  }

  private interface Selection {
    boolean keeps(float magnitude, long column);
  }
}

package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * From errors to mirrors: the named rules, their counts, and what they keep of a Gaussian error.
 */
final class TernarizerTest {
  private static final float[] ERROR = {0.5f, -0.5f, 0.1f, -0.25f, 0, 1, -0f, -0.01f};

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  /** Ternary vectors and their counts. */
  private static final class Ternary {
    private final byte[] values;
    private final int[] counts;

    private Ternary(int rows, int entries) {
      this.values = new byte[entries];
      this.counts = new int[2 * rows];
    }
  }

  private Ternary ternarize(TernaryRule rule, int rows, long step, float... error) {
    Device device = lab.device();
    try (Scope scope = device.openScope("ternarizer")) {
      Shape shape = new Shape(rows, error.length / rows);
      Tensor input = scope.allocate("error", shape, DType.F32);
      Tensor ternary = scope.allocate("ternary", shape, DType.S8);
      Tensor counts = scope.allocate("counts", new Shape(rows, 2), DType.S32);
      StepControl control = new StepControl(device, scope);
      control.begin(Optimizer.sgd(), 0, step, rows);
      device.write(input, error);
      device.eager().ternarize(ternary, counts, input, rule, 123, control);
      Ternary result = new Ternary(rows, error.length);
      device.read(ternary, result.values);
      device.read(counts, result.counts);
      return result;
    }
  }

  @Test
  void signKeepsEverythingButZeros() {
    Ternary t = ternarize(new TernaryRule.Sign(), 1, 0, ERROR);
    assertThat(t.values).containsExactly(1, -1, 1, -1, 0, 1, 0, -1);
    assertThat(t.counts).containsExactly(3, 3);
  }

  @Test
  void relativeToMaxIsStrict() {
    Ternary t = ternarize(new TernaryRule.RelativeToMax(0.25f), 1, 0, ERROR);
    assertThat(t.values).containsExactly(1, -1, 0, 0, 0, 1, 0, 0);
    assertThat(t.counts).containsExactly(2, 1);
  }

  @Test
  void relativeToRmsLooksAtEachSampleAlone() {
    // The rms of the first row is 1.976, that of the second 0.0209.
    float[] error = {2.1f, -2, 1.89f, -1.9f, 0.021f, 0.02f, -0.03f, 0};
    Ternary t = ternarize(new TernaryRule.RelativeToRms(1), 2, 0, error);
    assertThat(t.values).containsExactly(1, -1, 0, 0, 1, 0, -1, 0);
    assertThat(t.counts).containsExactly(1, 1, 1, 1);
  }

  /** The loss divides errors by the batch; an absolute threshold is about one sample's error. */
  @Test
  void absoluteIsBeforeTheMeanOverTheBatch() {
    TernaryRule rule = new TernaryRule.Absolute(0.3f);
    assertThat(ternarize(rule, 1, 0, 0.2f, -0.4f).values).containsExactly(0, -1);
    assertThat(ternarize(rule, 2, 0, 0.2f, -0.4f, 0.1f, 0.16f).values).containsExactly(1, -1, 0, 1);
  }

  @Test
  void zerosStayZero() {
    for (TernaryRule rule :
        new TernaryRule[] {
          new TernaryRule.Sign(),
          new TernaryRule.Absolute(0),
          new TernaryRule.RelativeToMax(0),
          new TernaryRule.RelativeToRms(0),
          new TernaryRule.Stochastic()
        }) {
      Ternary t = ternarize(rule, 1, 0, 0, 0, -0f, 0);
      assertThat(t.values).as("%s", rule).containsOnly(0);
      assertThat(t.counts).as("%s", rule).containsOnly(0);
    }
  }

  /** E t = e / max|e|, entry by entry, over 20000 draws of different projection numbers. */
  @Test
  void stochasticIsUnbiased() {
    int rows = 2000;
    int draws = 0;
    float[] errors = new float[rows * ERROR.length];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(ERROR, 0, errors, row * ERROR.length, ERROR.length);
    }
    double[] sums = new double[ERROR.length];
    for (int step = 0; step < 10; step++) {
      byte[] values = ternarize(new TernaryRule.Stochastic(), rows, step, errors).values;
      for (int i = 0; i < values.length; i++) {
        sums[i % ERROR.length] += values[i];
      }
      draws += rows;
    }
    for (int i = 0; i < ERROR.length; i++) {
      double p = Math.abs(ERROR[i]);
      double bound = Sample.ERRORS * Math.sqrt(p * (1 - p) / draws);
      assertThat(sums[i] / draws).as("entry %d", i).isCloseTo(ERROR[i], within(bound));
    }
  }

  @Test
  void stochasticDrawsBelongToTheProjectionNumber() {
    float[] error = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 1};
    float[] batch = new float[4 * error.length];
    for (int row = 0; row < 4; row++) {
      System.arraycopy(error, 0, batch, row * error.length, error.length);
    }
    TernaryRule rule = new TernaryRule.Stochastic();
    byte[] whole = ternarize(rule, 4, 3, batch).values;
    StringBuilder single = new StringBuilder();
    for (int row = 0; row < 4; row++) {
      for (byte value : ternarize(rule, 1, 12 + row, error).values) {
        single.append(value);
      }
    }
    StringBuilder all = new StringBuilder();
    for (byte value : whole) {
      all.append(value);
    }
    assertThat(all).hasToString(single.toString());
    assertThat(all.substring(0, 8)).isNotEqualTo(all.substring(8, 16));
  }

  /** For Gaussian errors 0.6 rms keeps most: cosine sqrt(2 / pi) e^(-c^2/2) / sqrt(P(|z| > c)). */
  @Test
  void cosineToAGaussianErrorIsAsInTheory() {
    int n = 100_000;
    float[] error = new float[n];
    Random random = new Random(1);
    for (int i = 0; i < n; i++) {
      error[i] = (float) random.nextGaussian();
    }
    double[][] theory = {{0, 0.7979}, {0.6, 0.8998}, {1, 0.8592}, {2, 0.5062}};
    for (double[] point : theory) {
      byte[] t = ternarize(new TernaryRule.RelativeToRms((float) point[0]), 1, 0, error).values;
      double dot = 0;
      double squares = 0;
      int lit = 0;
      for (int i = 0; i < n; i++) {
        dot += t[i] * error[i];
        squares += (double) error[i] * error[i];
        lit += t[i] != 0 ? 1 : 0;
      }
      // A cosine over n entries errs by less than 1 / sqrt n.
      assertThat(dot / Math.sqrt(squares * lit))
          .isCloseTo(point[1], within(Sample.ERRORS / Math.sqrt(n)));
    }
  }
}

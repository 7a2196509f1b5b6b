package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.Projector;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The amplitude of the signal that learning receives, and what is logged on the way. */
final class SignalScaleTest {
  private static final int BATCH = 32;
  private static final int INPUTS = 200;
  private static final int OUTPUTS = 2048;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  /** A signal and the log after it. */
  private static final class Projected {
    private final float[] signal;
    private final FrameLog log;

    private Projected(float[] signal, FrameLog log) {
      this.signal = signal;
      this.log = log;
    }

    double norm(int row) {
      double squares = 0;
      for (int i = 0; i < OUTPUTS; i++) {
        squares += Math.pow(signal[row * OUTPUTS + i], 2);
      }
      return Math.sqrt(squares);
    }
  }

  private Projected project(OpticalProjector projector, float[] error) {
    Device device = lab.device();
    int batch = error.length / INPUTS;
    try (Scope scope = device.openScope("projector")) {
      Tensor input = scope.allocate("error", new Shape(batch, INPUTS), DType.F32);
      device.write(input, error);
      StepControl control = new StepControl(device, scope);
      control.begin(Optimizer.sgd(), 0, 0, batch);
      Projector.Projection projection = projector.bind(device, scope, input, OUTPUTS, control, 17);
      projection.issue(device.eager());
      projection.observe();
      float[] signal = new float[batch * OUTPUTS];
      device.read(projection.signal(), signal);
      return new Projected(signal, projection.frameLog());
    }
  }

  private static float[] gaussian(int batch, double scale) {
    Random random = new Random(4);
    float[] error = new float[batch * INPUTS];
    for (int i = 0; i < error.length; i++) {
      error[i] = (float) (scale * random.nextGaussian());
    }
    return error;
  }

  private static double norm(float[] error, int row) {
    double squares = 0;
    for (int i = 0; i < INPUTS; i++) {
      squares += Math.pow(error[row * INPUTS + i], 2);
    }
    return Math.sqrt(squares);
  }

  /** Mean of |signal|^2 / |e|^2. */
  private double meanRatio(OpuSettings settings, float gain) {
    float[] error = gaussian(BATCH, 0.01);
    Projected projected =
        project(
            new OpticalProjector(
                settings, new TernaryRule.RelativeToRms(0.6f), new SignalScale.ErrorNorm(gain)),
            error);
    double sum = 0;
    for (int row = 0; row < BATCH; row++) {
      sum += Math.pow(projected.norm(row) / norm(error, row), 2);
    }
    return sum / BATCH;
  }

  @Test
  void errorNormGivesTheNormOfTheError() {
    // E |y|^2 / m = |t|^2 (1 +- s^2 / (n |t|^2)) with s = #P - #N: + with the bias, - without; s^2
    // is
    // |t|^2 on average, so that is 1 / n. Samples share a medium, so only pixels count as draws.
    double bound = Sample.ERRORS * Math.sqrt(2.0 / OUTPUTS / BATCH) + Sample.ERRORS / INPUTS;
    assertThat(meanRatio(OpuSettings.ideal(), 1)).isCloseTo(1, within(bound));
    assertThat(meanRatio(OpuSettings.ideal(), 3)).isCloseTo(9, within(9 * bound));
  }

  /** Camera noise adds its own power: about as much as the correlation of the read-out lacks. */
  @Test
  void defaultUnitAddsLittle() {
    assertThat(meanRatio(OpuSettings.defaults(), 1)).isBetween(0.9, 1.1);
  }

  @Test
  void errorNormFollowsTheErrorSampleBySample() {
    float[] error = gaussian(2, 1);
    for (int i = 0; i < INPUTS; i++) {
      error[INPUTS + i] = 100 * error[i];
    }
    Projected projected =
        project(
            new OpticalProjector(
                OpuSettings.ideal(),
                new TernaryRule.RelativeToRms(1),
                new SignalScale.ErrorNorm(1)),
            error);
    // The same ternary vector, so the same projection: what differs is a factor, rounded twice.
    for (int i = 0; i < OUTPUTS; i++) {
      double expected = 100.0 * projected.signal[i];
      assertThat((double) projected.signal[OUTPUTS + i])
          .isCloseTo(expected, within(4 * 0x1p-24 * Math.abs(expected)));
    }
  }

  @Test
  void calibratedDoesNotKnowTheSizeOfTheError() {
    OpticalProjector projector =
        new OpticalProjector(
            OpuSettings.defaults(), OpticalProjector.DEFAULT_RULE, new SignalScale.Calibrated(1));
    float[] small = project(projector, gaussian(BATCH, 0.125)).signal;
    float[] large = project(projector, gaussian(BATCH, 16)).signal;
    assertThat(large).containsExactly(small);
  }

  @Test
  void calibratedHasTheStatedAmplitude() {
    float[] error = gaussian(BATCH, 1);
    Projected projected =
        project(
            new OpticalProjector(
                OpuSettings.ideal(), new TernaryRule.Sign(), new SignalScale.Calibrated(2)),
            error);
    double sum = 0;
    for (int row = 0; row < BATCH; row++) {
      sum += Math.pow(projected.norm(row) * BATCH / 2, 2) / BATCH;
    }
    // |y|^2 = |t|^2 m = n m for sign(e), so |signal| = gain / batch; bound as above.
    double bound = Sample.ERRORS * Math.sqrt(2.0 / OUTPUTS / BATCH) + Sample.ERRORS / INPUTS;
    assertThat(sum).isCloseTo(1, within(bound));
  }

  @Test
  void aDarkSampleGivesNoSignal() {
    float[] error = gaussian(2, 1);
    for (int i = 0; i < INPUTS; i++) {
      error[i] = 0;
    }
    Projected projected = project(new OpticalProjector(), error);
    assertThat(projected.norm(0)).isZero();
    assertThat(projected.norm(1)).isPositive();
  }

  @Test
  void densityIsLogged() {
    float[] error = new float[2 * INPUTS];
    for (int i = 0; i < 30; i++) {
      error[i] = i < 10 ? -1 : 1;
    }
    error[INPUTS] = 5;
    FrameLog log =
        project(
                new OpticalProjector(
                    OpuSettings.defaults(), new TernaryRule.Sign(), new SignalScale.ErrorNorm(1)),
                error)
            .log;
    assertThat(log.projections()).isEqualTo(2);
    assertThat(log.frames()).isEqualTo(9);
    assertThat(log.density()).isEqualTo(31.0 / 400);
    assertThat(log.positiveShare()).isEqualTo(21.0 / 31);
  }
}

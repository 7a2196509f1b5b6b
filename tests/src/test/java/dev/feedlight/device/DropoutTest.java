package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.gradient.DropoutMask;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks of dropout: what they depend on, and that they keep the mean. */
final class DropoutTest {
  private static final int ROWS = 40;
  private static final int WIDTH = 1023;
  private static final long SEED = 5;

  /** The mask of block 2: what becomes of ones. */
  private static float[] mask(TestDevice kind, float rate, long step, long batch, long place) {
    try (Device device = kind.open();
        Scope scope = device.openScope("test")) {
      Tensor tensor = scope.allocate("values", new Shape(ROWS, WIDTH), DType.F32);
      device.eager().fill(tensor, 1);
      StepControl control = new StepControl(device, scope);
      control.begin(Optimizer.sgd(), 0, step, batch, place);
      long key = Philox.deriveKey(SEED, Stream.DROPOUT, 2);
      device.eager().dropout(tensor, tensor, rate, key, control);
      float[] values = new float[ROWS * WIDTH];
      device.read(tensor, values);
      return values;
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void followsItsDefinition(TestDevice kind) {
    double[] expected = DropoutMask.of(SEED, 2, 0.3f, 3 * 100 + 17, ROWS, WIDTH);
    float[] actual = mask(kind, 0.3f, 3, 100, 17);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as("element %d", i).isEqualTo(expected[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDevice.class)
  void theSameNumbersGiveTheSameMaskAndOthersAnother(TestDevice kind) {
    float[] first = mask(kind, 0.5f, 3, 100, 0);
    assertThat(mask(kind, 0.5f, 3, 100, 0)).isEqualTo(first);
    // Half of the elements agree by chance: 40920 of them, so 6 sigma are 600.
    assertThat(equal(mask(kind, 0.5f, 4, 100, 0), first)).isBetween(19860, 21060);
    // The second half of a batch, split: the rows that it has in the whole.
    float[] half = mask(kind, 0.5f, 3, 100, 20);
    for (int i = 0; i < 20 * WIDTH; i++) {
      assertThat(half[i]).isEqualTo(first[20 * WIDTH + i]);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.1f, 0.5f, 0.9f})
  void theMeanIsKept(float rate) {
    double sum = 0;
    int dropped = 0;
    float[] mask = mask(TestDevice.CPU_2, rate, 7, ROWS, 0);
    for (float value : mask) {
      sum += value;
      dropped += value == 0 ? 1 : 0;
    }
    int n = mask.length;
    // 5 sigma of a binomial law.
    double deviation = 5 * Math.sqrt(rate * (1 - rate) * n);
    assertThat((double) dropped).isCloseTo(rate * n, within(deviation + 1e-6));
    assertThat(sum / n).isCloseTo(1, within((deviation + 1e-2) / n / (1 - rate)));
  }

  private static int equal(float[] a, float[] b) {
    int equal = 0;
    for (int i = 0; i < a.length; i++) {
      equal += a[i] == b[i] ? 1 : 0;
    }
    return equal;
  }
}

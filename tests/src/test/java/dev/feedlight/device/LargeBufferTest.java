package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One buffer beyond 2^31 bytes and one weight matrix of that size: the paper's widest is over 3 GB.
 * Takes 5 GB of memory, hence exhaustive.
 */
@Tag("exhaustive")
final class LargeBufferTest {
  /** 2.4e9 bytes each. */
  private static final long ROWS = 60_000;

  private static final long COLUMNS = 10_000;

  @Test
  void aWeightBeyondTwoGigabytesIsUsedToItsLastRow() {
    try (Device device = CpuDevice.open(2);
        Scope scope = device.openScope("large")) {
      Parameter weight =
          new Parameter(device, scope, "w", new Shape(ROWS, COLUMNS), Parameter.Group.WEIGHTS);
      assertThat(weight.value().bytes()).isGreaterThan(1L << 31);
      device.eager().fill(weight.value(), 0.5f);
      Tensor lastRow = weight.value().rowRange(ROWS - 1, 1);
      device.write(lastRow, filled(2));
      Tensor x = scope.allocate("x", Shape.vector(COLUMNS), DType.F32);
      Tensor y = scope.allocate("y", Shape.vector(ROWS), DType.F32);
      device.write(x, filled(1));
      device.eager().linearForward(y, null, x, weight, null, Activation.IDENTITY);
      float[] outputs = new float[(int) ROWS];
      device.read(y, outputs);
      // Integers below 2^24: exact in any order.
      assertThat(outputs[0]).isEqualTo(COLUMNS / 2f);
      assertThat(outputs[(int) ROWS - 2]).isEqualTo(COLUMNS / 2f);
      assertThat(outputs[(int) ROWS - 1]).isEqualTo(2f * COLUMNS);
      Tensor dy = scope.allocate("dy", Shape.vector(ROWS), DType.F32);
      device.eager().fill(dy, 0.25f);
      StepControl control = new StepControl(device, scope);
      control.begin(Optimizer.sgd(), 1, 0, 1);
      UpdateTarget target = new UpdateTarget.Apply(Optimizer.sgd());
      device.eager().linearUpdate(weight, null, x, dy, null, Activation.IDENTITY, target, control);
      device.eager().finiteCheck(weight.value(), 0, control);
      assertThat(control.failure()).isNull();
      float[] row = new float[(int) COLUMNS];
      device.read(weight.value().rowRange(0, 1), row);
      assertThat(row).containsOnly(0.25f);
      device.read(lastRow, row);
      assertThat(row).containsOnly(1.75f);
      device.write(lastRow.firstColumns(1), new float[] {Float.NaN});
      device.eager().finiteCheck(weight.value(), 7, control);
      assertThat(control.failure()).isEqualTo(new StepControl.Failure(7, 0));
    }
  }

  @Test
  void bytesBeyondTwoGigabytesAreReadAndWritten() {
    try (Device device = CpuDevice.open(2);
        Scope scope = device.openScope("large")) {
      Tensor bytes = scope.allocate("b", new Shape(220_000, 10_000), DType.U8);
      byte[] row = new byte[10_000];
      row[9_999] = 77;
      device.write(bytes.rowRange(219_999, 1), row);
      byte[] read = new byte[10_000];
      device.read(bytes.rowRange(219_999, 1), read);
      assertThat(read).isEqualTo(row);
      device.read(bytes.rowRange(0, 1), read);
      assertThat(read).containsOnly(0);
    }
  }

  private static float[] filled(float value) {
    float[] values = new float[(int) COLUMNS];
    Arrays.fill(values, value);
    return values;
  }
}

package dev.feedlight.learn;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** A digital feedback matrix whose entries the test chooses: outputs x inputs, row-major. */
@SuppressWarnings("ArrayRecordComponent") // a constant of the test, never compared
record GivenMatrix(float[] entries) implements Projector {
  @Override
  public String ruleName() {
    return "dfa";
  }

  @Override
  public Projection bind(
      Device device, Scope scope, Tensor error, long outputs, StepControl control, long seed) {
    Shape shape = new Shape(outputs, error.columns());
    Parameter matrix =
        new Parameter(device, scope, "given matrix", shape, new Parameter.Group(0, false));
    matrix.write(entries);
    Tensor signal = scope.allocate("projected signal", new Shape(error.rows(), outputs), DType.F32);
    return new Projection() {
      @Override
      public void issue(Ops ops) {
        ops.linearForward(signal, null, error, matrix, null, Activation.IDENTITY);
      }

      @Override
      public float[] matrix() {
        return entries.clone();
      }

      @Override
      public Tensor signal() {
        return signal;
      }
    };
  }
}

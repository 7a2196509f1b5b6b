package dev.feedlight.learn;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * The digital feedback matrix: {@code signal = e B^T} with B of N(0, gain^2 / outputs), so that
 * with gain 1 the signal has the norm of the error (the scale of TinyDFA; the law is ours).
 *
 * @param gain factor on the signal, positive
 */
public record RandomMatrix(float gain) implements Projector {
  /** Checks the gain. */
  public RandomMatrix {
    if (!(gain > 0) || Float.isInfinite(gain)) {
      throw new IllegalArgumentException("feedback gain must be positive, not " + gain);
    }
  }

  /** A matrix that keeps the norm of the error. */
  public RandomMatrix() {
    this(1);
  }

  @Override
  public String ruleName() {
    return "dfa";
  }

  /** The matrix and the signal. */
  @Override
  public MemoryNeed memory(long rows, long inputs, long outputs) {
    long bytes = Math.multiplyExact(4, Math.multiplyExact(outputs, Math.addExact(inputs, rows)));
    return new MemoryNeed(
        bytes, bytes, List.of(), List.of(new Shape(outputs, inputs), new Shape(rows, inputs)));
  }

  @Override
  public Projection bind(
      Device device, Scope scope, Tensor error, long outputs, StepControl control, long seed) {
    Parameter matrix =
        new Parameter(
            device,
            scope,
            "feedback matrix",
            new Shape(outputs, error.columns()),
            new Parameter.Group(0, false));
    device
        .eager()
        .randomFill(
            matrix.value(),
            Distribution.NORMAL,
            (float) (gain / Math.sqrt((double) outputs)),
            Philox.deriveKey(seed, Stream.FEEDBACK_MATRIX, 0));
    Tensor signal = scope.allocate("projected signal", new Shape(error.rows(), outputs), DType.F32);
    return new Bound(matrix, error, signal);
  }

  private record Bound(Parameter parameter, Tensor error, Tensor signal) implements Projection {
    @Override
    public void issue(Ops ops) {
      ops.linearForward(signal, null, error, parameter, null, Activation.IDENTITY);
    }

    @Override
    public float[] matrix() {
      return parameter.read();
    }
  }
}

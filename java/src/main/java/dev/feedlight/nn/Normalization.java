package dev.feedlight.nn;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** The layer normalisation with which a block begins. */
final class Normalization {
  private final String name;
  private final Parameter gain;
  private final Parameter bias;

  /** Gain 1, bias 0. */
  Normalization(Initializer initializer, String name, long width) {
    this.name = name;
    this.gain = initializer.row(name + ".weight", width, 1);
    this.bias = initializer.row(name + ".bias", width, 0);
  }

  List<Parameter> parameters() {
    return List.of(gain, bias);
  }

  Pass bind(Scope scope, Tensor x) {
    return new Pass(scope, x);
  }

  /** Bound to a batch. */
  final class Pass {
    private final Tensor x;
    private final Tensor y;
    private final Tensor mean;
    private final Tensor rstd;

    private Pass(Scope scope, Tensor x) {
      this.x = x;
      this.y = scope.allocate(name + ".y", x.shape(), DType.F32);
      this.mean = scope.allocate(name + ".mean", Shape.vector(x.rows()), DType.F32);
      this.rstd = scope.allocate(name + ".rstd", Shape.vector(x.rows()), DType.F32);
    }

    Tensor output() {
      return y;
    }

    void forward(Ops ops) {
      ops.layerNormForward(y, mean, rstd, x, null, gain, bias);
    }

    /** {@code dx = residual + } what dy is at the input; residual may be null. */
    void backward(Ops ops, Tensor dx, Tensor dy, Tensor residual) {
      ops.layerNormBackward(dx, dy, residual, x, mean, rstd, gain);
    }

    /**
     * Without a signal, null, gain and bias stay: the gradient at the normalised values would cost
     * a product that direct feedback needs for nothing else, and the matrix that follows can do
     * what gain and bias do. Their kept gradients are then 0.
     */
    void update(Ops ops, Tensor dy, UpdateTarget target, StepControl control) {
      if (dy != null) {
        ops.layerNormUpdate(gain, bias, x, mean, rstd, dy, target, control);
      } else if (target instanceof UpdateTarget.Accumulate(Gradients gradients, float beta)
          && beta == 0) {
        ops.fill(gradients.of(gain), 0);
        ops.fill(gradients.of(bias), 0);
      }
    }
  }
}

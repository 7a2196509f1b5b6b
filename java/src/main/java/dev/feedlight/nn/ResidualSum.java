package dev.feedlight.nn;

import dev.feedlight.device.Ops;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** The end of a sub-layer: adds its branch to what came in, as {@link Residual} says. */
abstract sealed class ResidualSum {
  private final Tensor output;

  private ResidualSum(Tensor output) {
    this.output = output;
  }

  /**
   * Bound to a batch.
   *
   * @param name of the sub-layer
   * @param x rows x width, what came in
   */
  static ResidualSum bind(
      Residual residual, Scope scope, Workspace workspace, String name, Tensor x) {
    Tensor output = scope.allocate(name + ".y", x.shape(), DType.F32);
    return switch (residual) {
      case PLAIN -> new Plain(output, x);
      case STANDARDIZED -> new Standardized(scope, workspace, name, output, x);
    };
  }

  /** Rows x width, the sub-layer's output. */
  Tensor output() {
    return output;
  }

  /** Rows x width: where the branch writes, before {@link #forward}. */
  abstract Tensor branch();

  abstract void forward(Ops ops);

  /**
   * The gradient at the branch, from that at the output; it may be the same tensor.
   *
   * @return rows x width, good until the workspace is used again
   */
  abstract Tensor backward(Ops ops, Tensor dy);

  private static final class Plain extends ResidualSum {
    private final Tensor x;

    Plain(Tensor output, Tensor x) {
      super(output);
      this.x = x;
    }

    @Override
    Tensor branch() {
      return output();
    }

    @Override
    void forward(Ops ops) {
      ops.residualAdd(output(), output(), x);
    }

    @Override
    Tensor backward(Ops ops, Tensor dy) {
      return dy;
    }
  }

  private static final class Standardized extends ResidualSum {
    private final Scope scope;
    private final Workspace workspace;
    private final Tensor x;
    private final Tensor branch;
    private final Tensor mean;
    private final Tensor rstd;

    Standardized(Scope scope, Workspace workspace, String name, Tensor output, Tensor x) {
      super(output);
      this.scope = scope;
      this.workspace = workspace;
      this.x = x;
      this.branch = scope.allocate(name + ".branch", x.shape(), DType.F32);
      this.mean = scope.allocate(name + ".branch.mean", Shape.vector(x.rows()), DType.F32);
      this.rstd = scope.allocate(name + ".branch.rstd", Shape.vector(x.rows()), DType.F32);
    }

    @Override
    Tensor branch() {
      return branch;
    }

    @Override
    void forward(Ops ops) {
      ops.layerNormForward(output(), mean, rstd, branch, x, null, null);
    }

    @Override
    Tensor backward(Ops ops, Tensor dy) {
      Tensor signal = workspace.floats(scope, "gradient at the branch", branch.shape());
      ops.layerNormBackward(signal, dy, null, branch, mean, rstd, null);
      return signal;
    }
  }
}

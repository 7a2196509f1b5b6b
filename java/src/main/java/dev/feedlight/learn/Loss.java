package dev.feedlight.learn;

import dev.feedlight.device.Ops;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** Loss functions; each issues loss and error in one pass. */
public enum Loss {
  /** Mean over the batch of -log softmax(output)[label], nats. */
  SOFTMAX_CROSS_ENTROPY(DType.S32) {
    @Override
    public Shape targetShape(Tensor output) {
      return Shape.vector(output.rows());
    }

    @Override
    void issue(Ops ops, Tensor loss, Tensor error, Tensor output, Tensor target, Tensor weights) {
      ops.softmaxCrossEntropy(loss, error, output, target);
    }
  },
  /** Mean over batch and outputs of (output - target)^2, times a weight of the output if wanted. */
  MEAN_SQUARED_ERROR(DType.F32) {
    @Override
    public Shape targetShape(Tensor output) {
      return output.shape();
    }

    @Override
    void issue(Ops ops, Tensor loss, Tensor error, Tensor output, Tensor target, Tensor weights) {
      ops.meanSquaredError(loss, error, output, target, weights);
    }
  };

  private final DType targetType;

  Loss(DType targetType) {
    this.targetType = targetType;
  }

  /**
   * Element type of the targets.
   *
   * @return S32 for labels, F32 for values
   */
  public DType targetType() {
    return targetType;
  }

  /**
   * Shape of the targets of a batch.
   *
   * @param output batch x outputs
   * @return shape of labels or values
   */
  public abstract Shape targetShape(Tensor output);

  /**
   * Issues it.
   *
   * @param weights of outputs, see {@link dev.feedlight.device.Operation.MeanSquaredError}; null
   *     for none, as always where labels are wanted
   */
  abstract void issue(
      Ops ops, Tensor loss, Tensor error, Tensor output, Tensor target, Tensor weights);
}

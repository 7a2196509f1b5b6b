package dev.feedlight.device.cuda;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;

/**
 * Products by cuBLAS; bias, activation and its gradient by a kernel after it, where there are any.
 * Updates are not among them: their product ends in the optimizer.
 */
final class CublasProducts implements DenseProducts {
  private final Cublas cublas;
  private final SmallKernels small;

  CublasProducts(Cublas cublas, SmallKernels small) {
    this.cublas = cublas;
    this.small = small;
  }

  @Override
  public Runnable forward(Operation.LinearForward op) {
    Runnable product = cublas.product(op.y(), op.x(), op.weight().value(), true, op);
    boolean plain =
        op.bias() == null && op.preActivation() == null && op.activation() == Activation.IDENTITY;
    return plain ? product : Launch.sequence(product, small.biasActivation(op));
  }

  @Override
  public Runnable backwardInput(Operation.LinearBackwardInput op) {
    Runnable product = cublas.product(op.dx(), op.dz(), op.weight().value(), false, op);
    return op.activation() == Activation.IDENTITY
        ? product
        : Launch.sequence(
            product,
            small.activationGradient(
                new Operation.ActivationGradient(op.dx(), op.dx(), op.saved(), op.activation())));
  }
}

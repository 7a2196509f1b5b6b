package dev.feedlight.device.cuda;

import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Products by ours or by cuBLAS, each as a table says for its shape. What our kernels do together,
 * chains of layers or dx with an update, they do as far as all products in it are ours.
 */
final class MeasuredProducts implements DenseProducts {
  private final DenseProducts own;
  private final DenseProducts cublas;
  private final ProductTable table;

  MeasuredProducts(DenseProducts own, DenseProducts cublas, ProductTable table) {
    this.own = own;
    this.cublas = cublas;
    this.table = table;
  }

  private boolean isOurs(Operation.LinearForward op) {
    Tensor y = op.y();
    return table
        .nearest(ProductTable.Direction.FORWARD, y.rows(), op.x().columns(), y.columns())
        .ownIsFaster();
  }

  private boolean isOurs(Operation.LinearBackwardInput op) {
    Tensor dz = op.dz();
    return table
        .nearest(ProductTable.Direction.BACKWARD, dz.rows(), op.dx().columns(), dz.columns())
        .ownIsFaster();
  }

  @Override
  public Runnable forward(Operation.LinearForward op) {
    return (isOurs(op) ? own : cublas).forward(op);
  }

  @Override
  public Runnable backwardInput(Operation.LinearBackwardInput op) {
    return (isOurs(op) ? own : cublas).backwardInput(op);
  }

  /** Of ours, and no further than to the first layer that is cuBLAS's. */
  @Override
  public ForwardChain chain(List<Operation> operations, int from) {
    int end = from;
    while (end < operations.size() && mayBeOfAChain(operations.get(end))) {
      end++;
    }
    return own.chain(operations.subList(0, end), from);
  }

  private boolean mayBeOfAChain(Operation operation) {
    return switch (operation) {
      case Operation.LinearForward op -> isOurs(op);
      case Operation.FiniteCheck _ -> true;
      default -> false;
    };
  }

  @Override
  public Runnable together(ForwardChain chain) {
    return own.together(chain);
  }

  @Override
  public boolean together(Operation.LinearBackwardInput back, Operation next) {
    return isOurs(back) && own.together(back, next);
  }

  @Override
  public Runnable backward(Operation.LinearBackwardInput back, Operation.LinearUpdate update) {
    return own.backward(back, update);
  }
}

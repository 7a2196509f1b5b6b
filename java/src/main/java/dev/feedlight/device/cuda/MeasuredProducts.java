package dev.feedlight.device.cuda;

import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Products by ours or by cuBLAS, each as a table says for its shape. What our kernels do together,
 * chains of layers or dx with an update, they do as far as all products in it are ours. Of a kind
 * that the table has no row of, they are.
 */
final class MeasuredProducts implements DenseProducts {
  private final DenseProducts own;
  private final DenseProducts cublas;
  private final ProductTable table;
  private final int mostSharedBytes;

  /**
   * Products of one GPU.
   *
   * @param mostSharedBytes shared memory that a block may have on it
   */
  MeasuredProducts(
      DenseProducts own, DenseProducts cublas, ProductTable table, int mostSharedBytes) {
    this.own = own;
    this.cublas = cublas;
    this.table = table;
    this.mostSharedBytes = mostSharedBytes;
  }

  private boolean isOurs(ProductTable.Direction direction, long batch, long inputs, long outputs) {
    return table
        .nearest(direction, batch, inputs, outputs, mostSharedBytes)
        .map(ProductTable.Row::ownIsFaster)
        .orElse(true);
  }

  private boolean isOurs(Operation.LinearForward op) {
    Tensor y = op.y();
    return isOurs(ProductTable.Direction.FORWARD, y.rows(), op.x().columns(), y.columns());
  }

  private boolean isOurs(Operation.LinearBackwardInput op) {
    Tensor dz = op.dz();
    return isOurs(ProductTable.Direction.BACKWARD, dz.rows(), op.dx().columns(), dz.columns());
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

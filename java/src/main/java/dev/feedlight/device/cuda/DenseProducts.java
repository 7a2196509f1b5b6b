package dev.feedlight.device.cuda;

import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import java.util.List;

/** The products of a dense layer that are kept as they come: forward, and backward to its input. */
interface DenseProducts {
  /** Binds z = x W^T + b, y = f(z). */
  Runnable forward(Operation.LinearForward op);

  /** Binds dx = (dz W) f'. */
  Runnable backwardInput(Operation.LinearBackwardInput op);

  /** The layers from an operation on that one launch may run; null if there are none. */
  default ForwardChain chain(List<Operation> operations, int from) {
    return null;
  }

  /** Binds what {@link #chain} gave: the bits of its layers one by one. */
  default Runnable together(ForwardChain chain) {
    throw new IllegalArgumentException("layers run one by one here");
  }

  /** Whether one launch may make dx and do the update that comes next. */
  default boolean together(Operation.LinearBackwardInput back, Operation next) {
    return false;
  }

  /** Binds both: the bits of one after the other. */
  default Runnable backward(Operation.LinearBackwardInput back, Operation.LinearUpdate update) {
    throw new IllegalArgumentException("updates run by themselves here");
  }
}

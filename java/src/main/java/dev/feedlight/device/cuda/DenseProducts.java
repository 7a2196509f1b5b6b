package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;

/** The products of a dense layer that are kept as they come: forward, and backward to its input. */
interface DenseProducts {
  /** Binds z = x W^T + b, y = f(z). */
  Runnable forward(Operation.LinearForward op);

  /** Binds dx = (dz W) f'. */
  Runnable backwardInput(Operation.LinearBackwardInput op);
}

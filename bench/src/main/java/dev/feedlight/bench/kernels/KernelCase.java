package dev.feedlight.bench.kernels;

import dev.feedlight.device.Ops;

/**
 * An operation, or several that a device runs together, with operands of fixed shapes.
 *
 * @param kernel name in the table
 * @param shape of the operands, in words
 * @param issue makes operands of its own and issues the operations on them
 */
record KernelCase(String kernel, String shape, Issue issue) {
  /** Issues a case's operations once. */
  @FunctionalInterface
  interface Issue {
    /**
     * Issues them.
     *
     * @param operands makes new ones, filled
     * @param ops takes the operations
     */
    void run(Operands operands, Ops ops);
  }
}

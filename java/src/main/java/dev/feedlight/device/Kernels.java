package dev.feedlight.device;

/**
 * What a backend implements: one method per question. It is only ever handed operations that {@link
 * Ops} has checked.
 */
public interface Kernels {
  /**
   * Whether this backend has a kernel for the operation.
   *
   * @param operation a checked operation
   * @return null if it has, otherwise the reason in one sentence
   */
  String refusal(Operation operation);

  /**
   * Binds an operation to its kernel: looks up or compiles what it needs, so that running it
   * allocates nothing.
   *
   * @param operation a checked operation
   * @return runs the operation once per call
   */
  Runnable prepare(Operation operation);
}

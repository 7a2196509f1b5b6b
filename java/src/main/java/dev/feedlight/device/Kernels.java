package dev.feedlight.device;

import dev.feedlight.tensor.Shape;

/**
 * What a backend implements: one method per question. It is only ever handed operations that {@link
 * Ops} has checked.
 */
public interface Kernels {
  /** Scope of the memory that fields pass through on their way to a projection. */
  String FIELD_SCRATCH = "field scratch";

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

  /**
   * Device memory that this backend keeps in the scope {@link #FIELD_SCRATCH} once it has bound an
   * operation whose fields have these extents; the largest of all operations counts.
   *
   * @param fields extents
   * @return bytes; 0 if it has no such scope
   */
  default long fieldScratchBytes(FieldExtents fields) {
    return 0;
  }

  /**
   * Device memory that this backend keeps beside a matrix of floats once a dense product of a plan
   * has read it, in the scope of that matrix.
   *
   * @param matrix rows and columns of an operand or a weight
   * @return bytes at most; 0 if products read the matrix itself
   */
  default long operandCopyBytes(Shape matrix) {
    return 0;
  }
}

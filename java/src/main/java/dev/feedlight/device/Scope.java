package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/**
 * Owns device memory under a name. Closing it frees all that was allocated in it; tensors of a
 * closed scope throw when used.
 */
public interface Scope extends AutoCloseable {
  /**
   * Allocates a dense tensor. The contents are undefined.
   *
   * @param what name for messages and the memory report
   * @param shape rows and columns
   * @param dtype element type
   * @return the tensor
   * @throws DeviceException if the device has not enough memory; nothing was allocated then
   */
  Tensor allocate(String what, Shape shape, DType dtype);

  /**
   * The name given when the scope was opened.
   *
   * @return the name
   */
  String name();

  /**
   * Bytes allocated here and not freed.
   *
   * @return bytes, padding for alignment not counted
   */
  long bytes();

  /** Frees everything; idempotent. */
  @Override
  void close();
}

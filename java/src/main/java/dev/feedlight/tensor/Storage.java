package dev.feedlight.tensor;

/** A run of bytes that belongs to a device. Tensors are views of it. */
public interface Storage {
  /**
   * Size.
   *
   * @return bytes
   */
  long bytes();

  /**
   * Where the bytes are, in the device's own address space.
   *
   * @return the address of the first byte
   * @throws IllegalStateException if the storage was freed
   */
  long address();

  /**
   * Name of the scope that owns the bytes, for messages.
   *
   * @return the name
   */
  String owner();
}

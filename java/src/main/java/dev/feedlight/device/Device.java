package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;

/**
 * Owns memory and runs operations. A device is confined to one thread at a time; two devices, also
 * of one kind, are independent of each other.
 */
public interface Device extends AutoCloseable {
  /**
   * Short name as on the command line.
   *
   * @return for example {@code cpu}
   */
  String name();

  /**
   * What it is, in one line: processor, instruction set, threads, libraries.
   *
   * @return the line
   */
  String description();

  /**
   * What the last bits of its results depend on.
   *
   * @return model, instruction set, threads, libraries
   */
  DeviceIdentity identity();

  /**
   * Threads that run operations.
   *
   * @return number of threads; 1 for devices that are not processors
   */
  int threads();

  /**
   * What the operands of dense products are rounded to.
   *
   * @return the precision it was opened with
   */
  Precision precision();

  /**
   * Opens a scope.
   *
   * @param name for messages and the memory report
   * @return the scope, to be closed by the caller
   */
  Scope openScope(String name);

  /**
   * Memory in use.
   *
   * @return the report
   */
  MemoryReport memory();

  /**
   * The backend.
   *
   * @return its kernels
   */
  Kernels kernels();

  /**
   * Operations that run at once, each a plan of one.
   *
   * @return the eager interface
   */
  Ops eager();

  /**
   * Makes a plan replayable: binds kernels, fuses and orders where that keeps the results.
   *
   * @param plan what to run
   * @return runs the plan once per call
   */
  Runnable prepare(Plan plan);

  /**
   * Time that the device spends on work, by its own clock: on a GPU between two events in its
   * stream, on a processor by the clock of the host.
   *
   * @param work runs operations or prepared plans of this device
   * @return seconds; the work is done then
   */
  default double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  /**
   * Normal deviates of a library of the device's vendor.
   *
   * @return what makes them; belongs to the device
   * @throws DeviceException if the device has no such library, or it is not installed; the message
   *     says what would help
   */
  default VendorNormals vendorNormals() {
    throw new DeviceException(
        "the device " + name() + " has no random numbers of cuRAND; run with --device cuda");
  }

  /**
   * Copies floats to the device.
   *
   * @param target F32 tensor
   * @param source row-major, exactly as many values as the tensor has
   */
  void write(Tensor target, float[] source);

  /**
   * Copies integers to the device.
   *
   * @param target S32 tensor
   * @param source row-major, exactly as many values as the tensor has
   */
  void write(Tensor target, int[] source);

  /**
   * Copies bytes to the device.
   *
   * @param target S8 or U8 tensor
   * @param source row-major, exactly as many values as the tensor has
   */
  void write(Tensor target, byte[] source);

  /**
   * Copies floats to the host, after all work before has finished.
   *
   * @param source F32 tensor
   * @param target exactly as many values as the tensor has
   */
  void read(Tensor source, float[] target);

  /**
   * Copies integers to the host, after all work before has finished.
   *
   * @param source S32 tensor
   * @param target exactly as many values as the tensor has
   */
  void read(Tensor source, int[] target);

  /**
   * Copies bytes to the host, after all work before has finished.
   *
   * @param source S8 or U8 tensor
   * @param target exactly as many values as the tensor has
   */
  void read(Tensor source, byte[] target);

  /** Stops threads and frees what is left; idempotent. */
  @Override
  void close();
}

package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;

/**
 * One launch of a kernel, without its arguments.
 *
 * @param module name of the .cu file, for example {@code linear}
 * @param function name of the kernel, for example {@code fl_linear_forward}
 * @param grid blocks
 * @param block threads of a block
 * @param sharedBytes dynamic shared memory of a block, usually 0
 */
record Launch(String module, String function, Extent grid, Extent block, int sharedBytes) {
  /** A launch without dynamic shared memory. */
  Launch(String module, String function, Extent grid, Extent block) {
    this(module, function, grid, block, 0);
  }

  /** One thread for each of n elements, in blocks of {@code threads}. */
  static Launch overElements(String module, String function, long n, int threads) {
    return new Launch(module, function, Extent.of(Extent.blocks(n, threads)), Extent.of(threads));
  }

  /** One block of {@code threads} for each of n rows. */
  static Launch overRows(String module, String function, long n, int threads) {
    return new Launch(module, function, Extent.of(n), Extent.of(threads));
  }

  /**
   * Looks the kernel up and lays out its arguments.
   *
   * @param context whose stream runs it
   * @param arguments in the kernel's order
   * @param operation named with its shapes when the launch fails
   * @return launches the kernel once per call, allocating nothing
   * @throws CudaException if the image or the kernel is missing
   */
  Runnable bind(CudaContext context, Arguments arguments, Operation operation) {
    return context.bind(this, arguments, operation);
  }

  /** Several launches, one after the other on the stream. */
  static Runnable sequence(Runnable... launches) {
    return () -> {
      for (Runnable launch : launches) {
        launch.run();
      }
    };
  }

  @Override
  public String toString() {
    return function
        + " of "
        + module
        + ".cu, grid "
        + grid
        + ", block "
        + block
        + (sharedBytes == 0 ? "" : ", " + sharedBytes + " bytes of shared memory");
  }
}

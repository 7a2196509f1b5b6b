package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.CUfunction;

/** A kernel with its arguments in native memory. */
final class BoundLaunch implements Runnable {
  private final CudaDriver driver;
  private final CUfunction function;
  private final Launch launch;
  private final int count;
  private final Pointer arguments; // keeps their native memory alive
  private final Operation operation;

  BoundLaunch(
      CudaDriver driver,
      CUfunction function,
      Launch launch,
      ByteBuffer block,
      int count,
      Operation operation) {
    this.driver = driver;
    this.function = function;
    this.launch = launch;
    this.count = count;
    this.arguments = Pointer.to(block);
    this.operation = operation;
  }

  @Override
  public void run() {
    int code = driver.launch(function, launch, arguments);
    if (code != 0) {
      throw driver.failure(code, launch + " with " + count + " arguments", operation);
    }
  }
}

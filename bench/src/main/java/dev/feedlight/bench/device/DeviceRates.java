package dev.feedlight.bench.device;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/**
 * What a device reaches through Feedlight's own operations, measured in about two seconds: the
 * rates that a plan's floor is computed from.
 *
 * @param flopsPerSecond product of 1024 x 1024 matrices in the device's precision, best repetition
 * @param bytesPerSecond copy of 64 MiB to 64 MiB, read and written bytes counted, best repetition
 */
public record DeviceRates(double flopsPerSecond, double bytesPerSecond) {
  private static final long SIDE = 1024;
  private static final Shape COPIED = new Shape(4096, 4096);
  private static final double SECONDS_EACH = 0.5;
  private static final int LEAST = 3;

  /**
   * Measures.
   *
   * @param device an idle device with 150 MB to spare
   * @return its rates
   */
  public static DeviceRates measure(Device device) {
    try (Scope scope = device.openScope("rates")) {
      return new DeviceRates(product(device, scope), copy(device, scope));
    }
  }

  private static double product(Device device, Scope scope) {
    Shape square = new Shape(SIDE, SIDE);
    Tensor x = scope.allocate("x", square, DType.F32);
    Tensor y = scope.allocate("y", square, DType.F32);
    Parameter weight = new Parameter(device, scope, "w", square, Parameter.Group.WEIGHTS);
    device.eager().randomFill(x, Distribution.NORMAL, 1, 1);
    device.eager().randomFill(weight.value(), Distribution.NORMAL, 1, 2);
    double seconds =
        best(
            device,
            y,
            () -> device.eager().linearForward(y, null, x, weight, null, Activation.IDENTITY));
    return 2.0 * SIDE * SIDE * SIDE / seconds;
  }

  private static double copy(Device device, Scope scope) {
    Tensor from = scope.allocate("copy source", COPIED, DType.F32);
    Tensor to = scope.allocate("copy target", COPIED, DType.F32);
    device.eager().fill(from, 1);
    // The gradient of the identity is a copy.
    double seconds =
        best(
            device,
            to,
            () -> device.eager().activationGradient(to, from, null, Activation.IDENTITY));
    return (from.bytes() + to.bytes()) / seconds;
  }

  private static double best(Device device, Tensor result, Runnable operation) {
    float[] waited = new float[1];
    Tensor corner = result.rowRange(0, 1).firstColumns(1);
    double best = Double.POSITIVE_INFINITY;
    // The first round warms up: until compiled, vector loops are a thousand times slower.
    for (int round = 0; round < 2; round++) {
      best = Double.POSITIVE_INFINITY;
      long begin = System.nanoTime();
      for (int i = 0; i < LEAST || (System.nanoTime() - begin) * 1e-9 < SECONDS_EACH; i++) {
        long start = System.nanoTime();
        operation.run();
        device.read(corner, waited);
        best = Math.min(best, (System.nanoTime() - start) * 1e-9);
      }
    }
    return best;
  }
}

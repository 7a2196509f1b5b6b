package dev.feedlight.bench.kernels;

import dev.feedlight.bench.device.DeviceRates;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.CudaRates;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a device reaches at best, measured in the run whose kernels are held against it.
 *
 * @param bytesPerSecond of a copy, read and written bytes counted
 * @param flopsPerSecond of a large product by type of its operands: the faster of the vendor's
 *     library and our own
 * @param ownFlopsPerSecond of our own in the device's precision
 * @param precision of the device's dense products
 * @param source who made the vendor's products, or why there is none
 */
record Ceilings(
    double bytesPerSecond,
    Map<String, Double> flopsPerSecond,
    double ownFlopsPerSecond,
    Precision precision,
    String source) {
  private static final String BYTES = "int8";
  private static final int ROUNDS = 10;
  private static final int WARM_UPS = 3;
  private static final long LARGE_SIDE = 8192;
  private static final long SMALL_SIDE = 64;

  Ceilings {
    flopsPerSecond = Map.copyOf(flopsPerSecond);
  }

  /**
   * Measures.
   *
   * @param device idle
   * @param smoke whether numbers may mean nothing
   */
  static Ceilings measure(Device device, boolean smoke) {
    if (!(device instanceof CudaDevice cuda)) {
      DeviceRates rates = DeviceRates.measure(device);
      return new Ceilings(
          rates.bytesPerSecond(),
          Map.of(device.precision().label(), rates.flopsPerSecond()),
          rates.flopsPerSecond(),
          device.precision(),
          "our own products");
    }
    CudaRates vendor = CudaRates.measure(cuda, smoke ? CudaRates.Size.SMOKE : CudaRates.Size.FULL);
    double own = ownProduct(device, smoke ? SMALL_SIDE : LARGE_SIDE);
    Map<String, Double> flops = new TreeMap<>(vendor.flopsPerSecond());
    flops.merge(device.precision().label(), own, Math::max);
    return new Ceilings(vendor.bytesPerSecond(), flops, own, device.precision(), vendor.library());
  }

  private static double ownProduct(Device device, long side) {
    try (Scope scope = device.openScope("ceiling")) {
      Shape square = new Shape(side, side);
      Tensor x = scope.allocate("x", square, DType.F32);
      Tensor y = scope.allocate("y", square, DType.F32);
      Parameter weight = new Parameter(device, scope, "w", square, Parameter.Group.WEIGHTS);
      device.eager().randomFill(x, Distribution.NORMAL, 1, 1);
      device.eager().randomFill(weight.value(), Distribution.NORMAL, 1, 2);
      Runnable product =
          device.prepare(
              Plan.record(
                  "largest product",
                  device.kernels(),
                  ops -> ops.linearForward(y, null, x, weight, null, Activation.IDENTITY)));
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < WARM_UPS + ROUNDS; i++) {
        double seconds = device.seconds(product);
        best = i < WARM_UPS ? best : Math.min(best, seconds);
      }
      return 2.0 * side * side * side / best;
    }
  }

  /**
   * The least time of a plan: for each operation the larger of its bytes over the bandwidth and of
   * its operations over the rate of the units that do them.
   */
  Floor floor(Plan plan) {
    double memory = 0;
    double arithmetic = 0;
    double least = 0;
    for (Operation operation : plan.operations()) {
      double moved = operation.bytes() / bytesPerSecond;
      double computed = operation.flops() / rate(operation);
      memory += moved;
      arithmetic += computed;
      least += Math.max(moved, computed);
    }
    return new Floor(least, arithmetic > memory);
  }

  /**
   * A floor.
   *
   * @param seconds at least
   * @param arithmetic whether operations take longer than bytes
   */
  record Floor(double seconds, boolean arithmetic) {}

  /** Infinite where the rate is not known: then bytes alone make the floor. */
  private double rate(Operation operation) {
    boolean dense =
        operation instanceof Operation.LinearForward
            || operation instanceof Operation.LinearBackwardInput
            || operation instanceof Operation.LinearUpdate;
    String type =
        operation.arithmetic() == DType.S8 ? BYTES : (dense ? precision : Precision.FP32).label();
    return flopsPerSecond.getOrDefault(type, Double.POSITIVE_INFINITY);
  }

  /** One line for people. */
  String line() {
    StringBuilder text =
        new StringBuilder(String.format(Locale.ROOT, "a copy at %.1f GB/s", bytesPerSecond * 1e-9));
    new TreeMap<>(flopsPerSecond)
        .forEach(
            (type, rate) ->
                text.append(
                    String.format(
                        Locale.ROOT, ", %s products at %.3f TFLOP/s", type, rate * 1e-12)));
    return text.append(" (faster of ours and of the vendor's: ")
        .append(source)
        .append("); ours alone, ")
        .append(precision.label())
        .append(String.format(Locale.ROOT, ", %.3f TFLOP/s", ownFlopsPerSecond * 1e-12))
        .toString();
  }
}

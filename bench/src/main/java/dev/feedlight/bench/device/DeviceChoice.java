package dev.feedlight.bench.device;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.CudaException;
import dev.feedlight.device.cuda.Products;
import java.util.List;

/**
 * An open device and why it was chosen. There is no silent fallback: a device asked for by name is
 * that device or a failure.
 *
 * @param device open, closed by {@link #close()}
 * @param reason one clause
 */
public record DeviceChoice(Device device, String reason) implements AutoCloseable {
  /** Names on the command line. */
  public static final List<String> NAMES = List.of("auto", "cpu", "cuda");

  /** As many threads as there are cores. */
  public static final int ALL_CORES = 0;

  /**
   * Opens a device.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda}
   * @param threads of the processor, or {@link #ALL_CORES}
   * @return the device and the reason
   * @throws UnavailableDeviceException if there is none of that name here; the message says why
   */
  public static DeviceChoice open(String name, int threads) {
    return open(name, threads, Precision.FP32);
  }

  /**
   * Opens a device with a precision.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda}
   * @param threads of the processor, or {@link #ALL_CORES}
   * @param precision what operands of dense products are rounded to
   * @return the device and the reason
   * @throws UnavailableDeviceException if there is none of that name here; the message says why
   * @throws dev.feedlight.device.DeviceException if it has no products of that precision
   */
  public static DeviceChoice open(String name, int threads, Precision precision) {
    return open(name, threads, precision, Products.OWN);
  }

  /**
   * Opens a device and says what computes products of dense layers on a GPU.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda}
   * @param threads of the processor, or {@link #ALL_CORES}
   * @param precision what operands of dense products are rounded to
   * @param products what computes them; others than Feedlight's are on a GPU alone
   * @return the device and the reason
   * @throws UnavailableDeviceException if there is none of that name here; the message says why
   * @throws dev.feedlight.device.DeviceException if it has no such products
   */
  public static DeviceChoice open(
      String name, int threads, Precision precision, Products products) {
    return switch (name) {
      case "cpu" -> {
        requireOwn(name, products);
        yield new DeviceChoice(openCpu(threads, precision), "asked for");
      }
      case "auto" ->
          products == Products.OWN
              ? openAny(threads, precision)
              : new DeviceChoice(
                  openCuda(precision, products), "auto: --products " + products + " needs a GPU");
      case "cuda" -> new DeviceChoice(openCuda(precision, products), "asked for");
      default ->
          throw new UnavailableDeviceException(
              "no device is called " + name + "; there are " + NAMES);
    };
  }

  /** A GPU if there is one that works in this precision, otherwise the processor. */
  private static DeviceChoice openAny(int threads, Precision precision) {
    try {
      return new DeviceChoice(CudaDevice.open(0, precision), "auto: a GPU is there");
    } catch (DeviceException e) {
      String reason = e instanceof CudaException cuda ? cuda.reason() : e.getMessage();
      return new DeviceChoice(openCpu(threads, precision, reason), "auto: " + reason);
    }
  }

  private static void requireOwn(String name, Products products) {
    if (products != Products.OWN) {
      throw new UnavailableDeviceException(
          "--device " + name + ": --products " + products + " is for GPUs; run with --device cuda");
    }
  }

  private static Device openCuda(Precision precision, Products products) {
    try {
      return CudaDevice.open(0, precision, products);
    } catch (DeviceException e) {
      throw new UnavailableDeviceException("--device cuda: " + e.getMessage(), e);
    }
  }

  /** Where it does not work either, both reasons are told. */
  private static Device openCpu(int threads, Precision precision, String whyNoGpu) {
    try {
      return openCpu(threads, precision);
    } catch (DeviceException e) {
      throw new UnavailableDeviceException("cuda: " + whyNoGpu + "; cpu: " + e.getMessage(), e);
    }
  }

  private static Device openCpu(int threads, Precision precision) {
    return CpuDevice.open(
        threads == ALL_CORES ? Runtime.getRuntime().availableProcessors() : threads, precision);
  }

  /** The device and the reason in one line. */
  public String line() {
    return device.description() + " (" + reason + ")";
  }

  @Override
  public void close() {
    device.close();
  }
}

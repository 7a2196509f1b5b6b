package dev.feedlight.bench.device;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.CudaException;
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
    return switch (name) {
      case "cpu" -> new DeviceChoice(openCpu(threads, precision), "asked for");
      case "auto" -> openAny(threads, precision);
      case "cuda" -> new DeviceChoice(openCuda(precision), "asked for");
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

  private static Device openCuda(Precision precision) {
    try {
      return CudaDevice.open(0, precision);
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

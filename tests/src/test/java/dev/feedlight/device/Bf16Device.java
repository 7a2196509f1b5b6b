package dev.feedlight.device;

import dev.feedlight.device.cpu.CpuDevice;
import org.junit.jupiter.api.Assumptions;

/** Opens the processor with bf16 products; a test on a machine that has none is skipped. */
public final class Bf16Device {
  private Bf16Device() {}

  /** Opens it; the caller closes it. */
  public static Device open(int threads) {
    try {
      return CpuDevice.open(threads, Precision.BF16);
    } catch (DeviceException e) {
      return Assumptions.abort(e.getMessage());
    }
  }
}

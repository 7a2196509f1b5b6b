package dev.feedlight.device;

import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.reference.ReferenceDevice;

/** The devices on which networks and rules are tested. */
public enum TestDevice {
  CPU_1,
  CPU_2,
  /** An odd team, so that rows and columns do not divide evenly. */
  CPU_3,
  REFERENCE;

  /** Opens it; the caller closes it. */
  public Device open() {
    return switch (this) {
      case CPU_1 -> CpuDevice.open(1);
      case CPU_2 -> CpuDevice.open(2);
      case CPU_3 -> CpuDevice.open(3);
      case REFERENCE -> ReferenceDevice.open();
    };
  }
}

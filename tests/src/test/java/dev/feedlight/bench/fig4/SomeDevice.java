package dev.feedlight.bench.fig4;

import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.device.Machine;
import dev.feedlight.device.Precision;
import java.util.List;

/** Machines and devices that were never measured. */
final class SomeDevice {
  private SomeDevice() {}

  static DeviceIdentity cpu(int threads, String instructionSet) {
    return new DeviceIdentity(
        "cpu", "a processor", instructionSet, threads, Precision.FP32, "a library");
  }

  static DeviceIdentity cpu() {
    return cpu(2, "sse");
  }

  static Machine machine(String cpu) {
    return new Machine(cpu, 2, List.of(), 0, "an os", "a jdk");
  }
}

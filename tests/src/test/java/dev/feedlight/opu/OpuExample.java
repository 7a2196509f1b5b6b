package dev.feedlight.opu;

import dev.feedlight.device.Device;
import dev.feedlight.device.cpu.CpuDevice;

/** The program of {@link Opu}'s documentation. */
final class OpuExample {
  private OpuExample() {}

  static void main() {
    // tag::javadoc
    float[] rows = {0.5f, -1, 0.25f, 2, 0, -0.125f}; // two rows of three numbers
    try (Device device = CpuDevice.open(2);
        Opu opu = Opu.builder(device).outputs(2000).encoder(BitPlanes.signed(6)).seed(1).build()) {
      float[] projected = opu.fit(rows, 3).linearTransform(rows);
      byte[] frames = opu.transform(rows);
      System.out.println(projected.length + " projected numbers, " + frames.length + " pixels");
      System.out.println(opu.unit().calibration());
    }
    // end::javadoc
  }
}

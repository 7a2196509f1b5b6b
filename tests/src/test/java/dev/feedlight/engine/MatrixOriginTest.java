package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.LoadReport;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.ForwardingDevice;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.VendorNormals;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;
import dev.feedlight.tensor.Tensor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint says of a matrix that a vendor's library made, and which it lets go on. */
final class MatrixOriginTest {
  private static final ArrayDataset DATA = ArrayDataset.classification(32, 11, 4, 1);

  /** A processor with a vendor's library of some version, which may make other numbers. */
  private static final class VendorDevice extends ForwardingDevice {
    private final String version;
    private final long change;

    VendorDevice(String version, long change) {
      super(CpuDevice.open(1));
      this.version = version;
      this.change = change;
    }

    @Override
    public VendorNormals vendorNormals() {
      return new VendorNormals() {
        @Override
        public Generator generator() {
          return new Generator("libnormal", version, "TABLE", "PLAIN");
        }

        @Override
        public void fill(Tensor target, float deviation, long seed) {
          device.eager().randomFill(target, Distribution.NORMAL, deviation, seed + change);
        }
      };
    }
  }

  private static DfaEngine engine(Device device, TransmissionMatrix matrix) {
    return DfaEngine.builder()
        .inputs(11)
        .dense(9, Activation.TANH)
        .dense(4, Activation.IDENTITY)
        .rule(new DirectFeedback(new OpticalProjector(OpuSettings.defaults().withMatrix(matrix))))
        .batch(8)
        .device(device)
        .build();
  }

  private static void save(Path folder) {
    try (Device device = new VendorDevice("1.0.0", 0);
        DfaEngine engine = engine(device, TransmissionMatrix.CURAND)) {
      engine.train(DATA, 1);
      engine.save(folder);
    }
  }

  @Test
  void theSameVersionGoesOn(@TempDir Path folder) {
    save(folder);
    try (Device device = new VendorDevice("1.0.0", 0);
        DfaEngine engine = engine(device, TransmissionMatrix.CURAND)) {
      assertThat(engine.load(folder).elsewhere()).isNull();
    }
  }

  @Test
  void anotherVersionWithTheSameNumbersIsToldOf(@TempDir Path folder) {
    save(folder);
    try (Device device = new VendorDevice("1.0.1", 0);
        DfaEngine engine = engine(device, TransmissionMatrix.CURAND)) {
      LoadReport report = engine.load(folder);
      assertThat(report.elsewhere())
          .isEqualTo("matrix_origin.generator.version is 1.0.1 now, 1.0.0 when it was written");
    }
  }

  @Test
  void otherNumbersAreRefused(@TempDir Path folder) {
    save(folder);
    for (String version : new String[] {"1.0.0", "2.0.0"}) {
      try (Device device = new VendorDevice(version, 1);
          DfaEngine engine = engine(device, TransmissionMatrix.CURAND)) {
        assertThatThrownBy(() -> engine.load(folder))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContainingAll(
                "was trained with another transmission matrix", "matrix_origin.sha256 is ");
        assertThat(engine.position()).isNull();
      }
    }
  }

  @Test
  void otherKindsHaveNone(@TempDir Path folder) {
    try (Device device = CpuDevice.open(1);
        DfaEngine engine = engine(device, TransmissionMatrix.STORED)) {
      assertThat(engine.matrixOrigin()).isNull();
      engine.save(folder);
      assertThat(engine.load(folder).elsewhere()).isNull();
    }
  }
}

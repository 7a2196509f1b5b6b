package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.VendorNormals;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transmission matrix by the generator of the GPU's vendor, here the stand-in for cuRAND. */
final class CudaCurandMatrixTest {
  private static final OpuSettings UNIT =
      OpuSettings.defaults().withMatrix(TransmissionMatrix.CURAND);

  private Device device;

  @BeforeEach
  void open() {
    device = StandIn.open();
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  private float[] entries(int inputs, int outputs, long seed) {
    try (Scope scope = device.openScope("medium")) {
      Medium medium =
          new Medium.Request(TransmissionMatrix.CURAND, Drift.NONE, inputs, 1, outputs, seed)
              .create(device, scope, outputs, PixelMap.PLAIN);
      return read(((Transmission.Stored) medium.transmission()).entries());
    }
  }

  private float[] read(Tensor tensor) {
    float[] values = new float[tensor.shape().arrayLength()];
    device.read(tensor, values);
    return values;
  }

  @Test
  void entriesAreNormalAndIndependent() {
    float[] entries = entries(257, 500, 71);
    double draws = entries.length;
    Sample all = Sample.of(entries);
    assertThat(all.mean()).isCloseTo(0, within(Sample.ERRORS * Math.sqrt(0.5 / draws)));
    assertThat(all.variance()).isCloseTo(0.5, within(Sample.ERRORS * 0.5 * Math.sqrt(2 / draws)));
    assertThat(all.kurtosis()).isCloseTo(3, within(Sample.ERRORS * Math.sqrt(24 / draws)));
    // Kolmogorov: sqrt(draws) D exceeds 1.95 with probability 0.001.
    assertThat(all.distanceFromNormal(Math.sqrt(0.5))).isLessThan(1.95 / Math.sqrt(draws));
    int half = entries.length / 2;
    double bound = Sample.ERRORS / Math.sqrt(half);
    Sample real = Sample.of(entries, 0, half);
    assertThat(real.correlation(Sample.of(entries, half, 2 * half))).isCloseTo(0, within(bound));
    assertThat(real.correlation(Sample.of(entries, 1, half + 1))).isCloseTo(0, within(bound));
    assertThat(all.correlation(Sample.of(entries(257, 500, 72)))).isCloseTo(0, within(bound));
  }

  @Test
  void theSameSeedGivesTheSameBitsWhateverCameBefore() {
    float[] first = entries(33, 7, 5);
    entries(40, 9, 6);
    assertThat(entries(33, 7, 5)).containsExactly(first);
    device.close();
    device = StandIn.open();
    assertThat(entries(33, 7, 5)).containsExactly(first);
  }

  @Test
  void theUnitSaysWhereItsMatrixComesFrom() {
    try (Scope scope = device.openScope("units")) {
      MatrixOrigin origin = new EmulatedOpu(device, scope, UNIT, 33, 7, 5).matrixOrigin();
      assertThat(origin.generator())
          .isEqualTo(
              new VendorNormals.Generator("cuRAND", "10.3.7", "PHILOX4_32_10", "PSEUDO_LEGACY"));
      assertThat(origin.seeds()).containsExactly(Medium.key(5, 0));
      assertThat(origin.sha256()).hasSize(64);
      assertThat(origin.toString())
          .isEqualTo(
              "cuRAND 10.3.7, generator PHILOX4_32_10, order PSEUDO_LEGACY, seed "
                  + Medium.key(5, 0));
      assertThat(new EmulatedOpu(device, scope, UNIT, 33, 7, 5).matrixOrigin()).isEqualTo(origin);
      assertThat(new EmulatedOpu(device, scope, UNIT, 33, 7, 6).matrixOrigin().sha256())
          .isNotEqualTo(origin.sha256());
      OpuSettings stored = OpuSettings.defaults().withMatrix(TransmissionMatrix.STORED);
      assertThat(new EmulatedOpu(device, scope, stored, 33, 7, 5).matrixOrigin()).isNull();
    }
  }

  /** An output is the same bits as that pixel in a read-out of the whole region. */
  @Test
  void selectedPixelsKeepTheirRows() {
    int inputs = 40;
    int outputs = 100;
    byte[] vectors = Patterns.ternary(3, inputs, 0.5, 1);
    PixelSelection selection = new PixelSelection(1.5, 0.05);
    OpuSettings noiseless = UNIT.withCamera(UNIT.camera().withNoise(0, 0));
    OpuSettings selecting = noiseless.withReadout(noiseless.readout().withSelection(selection));
    try (Scope scope = device.openScope("units")) {
      EmulatedOpu few = new EmulatedOpu(device, scope, selecting, inputs, outputs, 3);
      EmulatedOpu all = new EmulatedOpu(device, scope, noiseless, inputs, 150, 3);
      int[] pixels = few.pixels();
      assertThat(pixels[outputs - 1]).isGreaterThan(outputs - 1);
      float[] selected = few.project(vectors);
      float[] whole = all.project(vectors);
      for (int row = 0; row < 3; row++) {
        for (int i = 0; i < outputs; i++) {
          assertThat(selected[row * outputs + i]).isEqualTo(whole[row * 150 + pixels[i]]);
        }
      }
    }
  }

  @Test
  void aDriftingMediumHasTwoMatrices() {
    OpuSettings drifting = UNIT.withDrift(new Drift(200, 0));
    try (Scope scope = device.openScope("units")) {
      EmulatedOpu unit = new EmulatedOpu(device, scope, drifting, 33, 7, 5);
      assertThat(unit.matrixOrigin().seeds()).containsExactly(Medium.key(5, 0), Medium.key(5, 1));
      byte[] vectors = Patterns.ternary(2, 33, 0.5, 1);
      assertThat(Arrays.equals(unit.project(vectors), unit.project(vectors))).isFalse();
    }
  }

  @Test
  void whatCannotBeFilledIsRefused() {
    VendorNormals normals = device.vendorNormals();
    try (Scope scope = device.openScope("scope")) {
      Tensor odd = scope.allocate("odd", Shape.vector(3), DType.F32);
      assertThatThrownBy(() -> normals.fill(odd, 1, 1))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("cuRAND 10.3.7", "an even number", "F32[1 x 3]");
      Tensor apart = scope.allocate("apart", new Shape(4, 4), DType.F32).firstColumns(2);
      assertThatThrownBy(() -> normals.fill(apart, 1, 1)).isInstanceOf(ShapeException.class);
      Tensor bytes = scope.allocate("bytes", Shape.vector(4), DType.S8);
      assertThatThrownBy(() -> normals.fill(bytes, 1, 1)).isInstanceOf(ShapeException.class);
      Tensor even = scope.allocate("even", Shape.vector(4), DType.F32);
      for (float wrong : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
        assertThatThrownBy(() -> normals.fill(even, wrong, 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(String.valueOf(wrong));
      }
    }
  }

  @Test
  void aProcessorHasNone() {
    try (Device cpu = CpuDevice.open(1);
        Scope scope = cpu.openScope("scope")) {
      assertThatThrownBy(() -> new EmulatedOpu(cpu, scope, UNIT, 33, 7, 5))
          .isInstanceOf(DeviceException.class)
          .hasMessage("the device cpu has no random numbers of cuRAND; run with --device cuda");
    }
  }

  @Test
  void macropixelsAreRefused() {
    OpuSettings wide = UNIT.withDmd(UNIT.dmd().withMacropixels(true));
    try (Scope scope = device.openScope("scope")) {
      assertThatThrownBy(() -> new EmulatedOpu(device, scope, wide, 33, 7, 5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a curand one has none");
    }
  }
}

package dev.feedlight.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Device;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The optics against an independent implementation, bit for bit. */
final class GoldenOpticsTest {
  private final GoldenFile golden = GoldenFile.read("optics.txt");
  private final long seed = golden.longs("seed")[0];
  private final int inputs = (int) golden.longs("shape")[0];
  private final int outputs = (int) golden.longs("shape")[1];
  private final Device device = CpuDevice.open(2);
  private final Scope scope = device.openScope("golden optics");

  @AfterEach
  void close() {
    scope.close();
    device.close();
  }

  @Test
  void keys() {
    assertThat(Philox.deriveKey(seed, Stream.TRANSMISSION, 0))
        .isEqualTo(golden.longs("transmission.key")[0]);
    assertThat(Philox.deriveKey(seed, Stream.CAMERA, 0)).isEqualTo(golden.longs("camera.key")[0]);
  }

  @Test
  void scale() {
    assertThat(TransmissionBytes.SCALE).isEqualTo(golden.doubles("scale")[0]);
  }

  @Test
  void entriesOfTheMediumNearAndFar() {
    long key = golden.longs("transmission.key")[0];
    byte[] table = TransmissionBytes.table();
    int[] words = new int[4];
    List<long[]> entries = golden.rows("entry");
    assertThat(entries).hasSize(6);
    for (long[] entry : entries) {
      long row = entry[0];
      long column = entry[1];
      Philox.block(key, (int) (column / 8), (int) row, 0, 0, words);
      int lane = (int) (column % 8);
      int shift = 8 * (lane % 4);
      assertThat(table[(words[lane / 4] >>> shift) & 0xFF]).isEqualTo((byte) entry[2]);
      assertThat(table[(words[2 + lane / 4] >>> shift) & 0xFF]).isEqualTo((byte) entry[3]);
    }
  }

  @Test
  void entriesAsTheDeviceMakesThem() {
    long key = golden.longs("transmission.key")[0];
    int columns = 9;
    int rows = 2;
    Tensor stored = scope.allocate("entries", new Shape(2L * rows, columns), DType.S8);
    device.eager().speckleGenerate(stored, PixelMap.PLAIN, key);
    byte[] bytes = new byte[2 * rows * columns];
    device.read(stored, bytes);
    int compared = 0;
    for (long[] entry : golden.rows("entry")) {
      if (entry[0] < rows && entry[1] < columns) {
        int at = (int) (entry[0] * columns + entry[1]);
        assertThat(bytes[at]).isEqualTo((byte) entry[2]);
        assertThat(bytes[rows * columns + at]).isEqualTo((byte) entry[3]);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(4);
  }

  @Test
  void defaultUnit() {
    check("default", OpuSettings.defaults());
  }

  @Test
  void unitWithoutNoise() {
    OpuSettings settings = OpuSettings.defaults();
    check("noiseless", settings.withCamera(settings.camera().withNoise(0, 0)));
  }

  @Test
  void idealUnit() {
    check("ideal", OpuSettings.ideal());
  }

  private void check(String name, OpuSettings settings) {
    EmulatedOpu unit = new EmulatedOpu(device, scope, settings, inputs, outputs, seed);
    assertThat(unit.anchor()).containsExactly(golden.floats(name + ".anchor"));
    assertThat(unit.project(ternary())).containsExactly(golden.floats(name));
  }

  @Test
  void framesByProjectionAndFrameNumber() {
    EmulatedOpu unit =
        new EmulatedOpu(device, scope, OpuSettings.defaults(), inputs, outputs, seed);
    Transmission medium =
        new Transmission.Procedural(golden.longs("transmission.key")[0], outputs, inputs);
    Tensor pattern = scope.allocate("pattern", Shape.vector(inputs), DType.U8);
    Tensor field = scope.allocate("field", Shape.vector(2L * outputs), DType.S32);
    Tensor counts = scope.allocate("counts", Shape.vector(outputs), DType.F32);
    byte[] lit = new byte[inputs];
    byte[] ternary = ternary();
    for (int i = 0; i < inputs; i++) {
      lit[i] = (byte) Math.max(0, ternary[i]);
    }
    device.write(pattern, lit);
    device.eager().speckleField(field, pattern, medium, PixelMap.PLAIN);
    List<long[]> frames = golden.rows("frame");
    assertThat(frames).hasSize(4);
    for (long[] frame : frames) {
      device
          .eager()
          .cameraExpose(
              counts,
              field,
              unit.camera(),
              PixelMap.PLAIN,
              golden.longs("camera.key")[0],
              frame[0],
              (int) frame[1]);
      float[] values = new float[outputs];
      device.read(counts, values);
      for (int i = 0; i < outputs; i++) {
        assertThat(values[i])
            .as("projection %d, frame %d, pixel %d", frame[0], frame[1], i)
            .isEqualTo((float) frame[2 + i]);
      }
    }
  }

  private byte[] ternary() {
    long[] values = golden.longs("ternary");
    byte[] ternary = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      ternary[i] = (byte) values[i];
    }
    return ternary;
  }
}

package dev.feedlight.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.device.reference.ReferenceDevice;
import dev.feedlight.device.reference.SpeckleRow;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The oracle's optics: golden values from an independent implementation in Python, and the
 * identities of the method.
 */
final class OracleOpticsTest {
  private static final long KEY = 0x0123456789ABCDEFL;
  private static final int INPUTS = 61;
  private static final int OUTPUTS = 23;

  private final Device device = ReferenceDevice.open();
  private final Scope scope = device.openScope("optics");

  @AfterEach
  void close() {
    device.close();
  }

  @Test
  void entriesOfTheTransmissionMatrix() {
    SpeckleRow row = SpeckleRow.generate(KEY, 5, 16);

    assertThat(row.real())
        .containsExactly(-64, -25, -23, 77, -60, 41, 7, 11, 0, 71, -27, 1, -7, 8, -20, -16);
    assertThat(row.imaginary())
        .containsExactly(12, 24, 23, 4, -8, -18, -26, 8, -24, -8, -8, -32, -41, -60, -47, -38);
  }

  @Test
  void moreInputsNeverChangeTheEntriesThereWere() {
    byte[] few = SpeckleRow.generate(KEY, 3, 13).real();

    assertThat(Arrays.copyOf(SpeckleRow.generate(KEY, 3, 100).real(), 13)).isEqualTo(few);
  }

  @Test
  void randomFills() {
    Tensor tensor = scope.allocate("r", Shape.vector(4), DType.F32);
    device.eager().randomFill(tensor, Distribution.NORMAL, 1, KEY);
    assertThat(read(tensor)).containsExactly(0.58325195f, 0.7442627f, -1.4006348f, -0.053588867f);
    device.eager().randomFill(tensor, Distribution.UNIFORM, 1, KEY);
    assertThat(read(tensor)).containsExactly(0.43994546f, 0.54335594f, -0.8386345f, -0.04281628f);
  }

  @Test
  void noisyCounts() {
    CameraResponse camera = new CameraResponse(0.01f, 1.5f, 0.25f, false, Float.POSITIVE_INFINITY);
    Tensor field = integers(1, 8, -30, 70, 170, 270, 40, 57, 74, 91);
    Tensor counts = scope.allocate("counts", Shape.vector(4), DType.F32);
    // Projection number 2^32 + 7, so that both of its words matter.
    long projection = (1L << 32) + 7;

    device.eager().cameraExpose(counts, field, camera, PixelMap.PLAIN, KEY, projection, 0);
    assertThat(read(counts)).containsExactly(25.152678f, 87.03361f, 324.49774f, 793.5454f);
    device.eager().cameraExpose(counts, field, camera, PixelMap.PLAIN, KEY, projection, 6);
    assertThat(read(counts)).containsExactly(24.76689f, 80.00655f, 344.21164f, 839.30914f);
  }

  @Test
  void quantisedAndSaturatedCounts() {
    CameraResponse camera = new CameraResponse(0.5f, 0, 0, true, 20);
    Tensor field = integers(1, 8, 1, 2, 3, 9, 0, 1, 0, 0);
    Tensor counts = scope.allocate("counts", Shape.vector(4), DType.F32);

    device.eager().cameraExpose(counts, field, camera, PixelMap.PLAIN, 0, 0, 0);

    // 0.5 and 2.5 are ties: to even.
    assertThat(read(counts)).containsExactly(0, 2, 4, 20);
  }

  @Test
  void storedAndProceduralFieldsAreTheSame() {
    Tensor pattern = scope.allocate("pattern", new Shape(1, INPUTS), DType.S8);
    device.write(pattern, ternary());

    assertThat(field(pattern, stored())).isEqualTo(field(pattern, procedural()));
  }

  @Test
  void everyReadOutOfAPerfectCameraIsTheRealPartAgainstTheAnchor() {
    float gain = 0.001f;
    // Saturation beyond reach switches from exact integers to four frames.
    CameraResponse exact = new CameraResponse(gain, 0, 0, false, Float.POSITIVE_INFINITY);
    CameraResponse frames = new CameraResponse(gain, 0, 0, false, 1e30f);
    int[] ones = field(bytes(filled(1)), procedural());
    int[] field = field(bytes(ternary()), procedural());

    float[] bySubtraction = project(exact, ones, false);
    float[] byFrames = project(frames, ones, false);
    float[] unbiased = project(frames, ones, true);

    double imbalance = imbalance();
    for (int pixel = 0; pixel < OUTPUTS; pixel++) {
      double re = ones[pixel];
      double im = ones[OUTPUTS + pixel];
      double anchor = Math.hypot(re, im);
      double y = (re * field[pixel] + im * field[OUTPUTS + pixel]) / anchor * Math.sqrt(gain);
      assertThat((double) bySubtraction[pixel]).isCloseTo(y, within(1e-6 * Math.abs(y)));
      assertThat((double) byFrames[pixel]).isCloseTo(y, within(1e-3));
      assertThat((double) unbiased[pixel])
          .isCloseTo(y - imbalance * anchor * Math.sqrt(gain), within(1e-3));
    }
  }

  private float[] project(CameraResponse camera, int[] ones, boolean removeBias) {
    Tensor signal = scope.allocate("signal", Shape.vector(OUTPUTS), DType.F32);
    Tensor rowScale = scope.allocate("scale", Shape.vector(1), DType.F32);
    device.write(rowScale, new float[] {1});
    Tensor anchorField = integers(1, 2 * OUTPUTS, ones);
    Tensor anchorCounts = scope.allocate("anchor", Shape.vector(OUTPUTS), DType.F32);
    device.eager().cameraExpose(anchorCounts, anchorField, camera, PixelMap.PLAIN, 0, 0, 4);
    byte[] t = ternary();
    int positive = 0;
    int negative = 0;
    for (byte value : t) {
      positive += value == 1 ? 1 : 0;
      negative += value == -1 ? 1 : 0;
    }
    device
        .eager()
        .speckleProject(
            signal,
            bytes(t),
            integers(1, 2, positive, negative),
            rowScale,
            procedural(),
            PixelMap.PLAIN,
            anchorField,
            anchorCounts,
            camera,
            new ReadOut(0, removeBias, 1),
            0,
            new StepControl(device, scope));
    return read(signal);
  }

  private double imbalance() {
    double sum = 0;
    for (byte value : ternary()) {
      sum += value;
    }
    return sum / INPUTS;
  }

  private static byte[] ternary() {
    byte[] t = new byte[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      t[i] = (byte) (i * i % 7 % 4 == 0 ? 0 : i % 3 == 0 ? -1 : 1);
    }
    return t;
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[INPUTS];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private int[] field(Tensor pattern, Transmission transmission) {
    Tensor field = scope.allocate("field", Shape.vector(2 * OUTPUTS), DType.S32);
    device.eager().speckleField(field, pattern, transmission, PixelMap.PLAIN);
    int[] values = new int[2 * OUTPUTS];
    device.read(field, values);
    return values;
  }

  private Transmission procedural() {
    return new Transmission.Procedural(KEY, OUTPUTS, INPUTS);
  }

  private Transmission stored() {
    Tensor entries = scope.allocate("entries", new Shape(2 * OUTPUTS, INPUTS), DType.S8);
    device.eager().speckleGenerate(entries, PixelMap.PLAIN, KEY);
    byte[] bytes = new byte[2 * OUTPUTS * INPUTS];
    device.read(entries, bytes);
    double squares = 0;
    for (byte value : bytes) {
      squares += value * value;
    }
    double deviation = Math.sqrt(squares / bytes.length);
    assertThat(deviation).isCloseTo(TransmissionBytes.SCALE / Math.sqrt(2), within(2.5));
    return new Transmission.Stored(entries);
  }

  private Tensor bytes(byte... values) {
    Tensor tensor = scope.allocate("bytes", Shape.vector(values.length), DType.S8);
    device.write(tensor, values);
    return tensor;
  }

  private Tensor integers(int rows, int columns, int... values) {
    Tensor tensor = scope.allocate("integers", new Shape(rows, columns), DType.S32);
    device.write(tensor, values);
    return tensor;
  }

  private float[] read(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().elements()];
    device.read(tensor, values);
    return values;
  }
}

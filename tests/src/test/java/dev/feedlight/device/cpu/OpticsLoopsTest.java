package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.NormalTable;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.Philox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the optics' loops compute, against their definitions written out here once more. */
final class OpticsLoopsTest {
  private static final int PIXELS = 533;
  private static final long KEY = 0x0123456789ABCDEFL;
  private static final float OFF = Float.POSITIVE_INFINITY;

  @AutoClose private final Arena arena = Arena.ofConfined();

  static Stream<Loops> loops() {
    return Stream.of(new PlainLoops(), new VectorLoops());
  }

  @ParameterizedTest
  @MethodSource("loops")
  void speckleIsItsDefinitionAndStaysInsideTheStride(Loops loops) {
    byte[] table = TransmissionBytes.table();
    int[] words = new int[4];
    for (int columns : new int[] {8, 60, 64, 200, 256}) {
      for (int stride : new int[] {columns, columns + 3, 256}) {
        int rows = 5;
        MemorySegment u = guarded(rows * stride);
        MemorySegment v = guarded(rows * stride);
        loops.speckle(u.address(), v.address(), stride, 1000, rows, 24, columns, KEY);
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < columns; c++) {
            int column = 24 + c;
            Philox.block(KEY, column / 8, 1000 + r, 0, 0, words);
            long real = (words[0] & 0xFFFFFFFFL) | ((long) words[1] << 32);
            long imaginary = (words[2] & 0xFFFFFFFFL) | ((long) words[3] << 32);
            int shift = 8 * (column % 8);
            long at = (long) r * stride + c;
            assertThat(u.get(ValueLayout.JAVA_BYTE, at))
                .isEqualTo(table[(int) (real >>> shift) & 0xFF]);
            assertThat(v.get(ValueLayout.JAVA_BYTE, at))
                .isEqualTo(table[(int) (imaginary >>> shift) & 0xFF]);
          }
        }
        assertGuard(u, rows * stride);
        assertGuard(v, rows * stride);
      }
    }
  }

  private static final int GUARD = 128;
  private static final byte GUARD_BYTE = 0x55;

  private MemorySegment guarded(int bytes) {
    return arena.allocate(bytes + GUARD, 64).fill(GUARD_BYTE);
  }

  private static void assertGuard(MemorySegment memory, int bytes) {
    for (int i = 0; i < GUARD; i++) {
      assertThat(memory.get(ValueLayout.JAVA_BYTE, bytes + i)).isEqualTo(GUARD_BYTE);
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void noiseIsTheTableAtThePhiloxWord(Loops loops) {
    MemorySegment real = fields(1);
    MemorySegment imaginary = fields(2);
    MemorySegment counts = arena.allocate(4L * PIXELS, 64);
    float[] normals = NormalTable.values();
    int[] words = new int[4];
    float gain = 1e-5f;
    CameraResponse camera = new CameraResponse(gain, 1.5f, 0.25f, true, 200);
    long projection = (7L << 32) + 9;
    for (int frame = 0; frame < 6; frame++) {
      loops.expose(
          counts.address(),
          real.address(),
          imaginary.address(),
          100,
          PIXELS,
          CameraSetup.plain(camera, KEY),
          projection,
          frame);
      for (int i = 0; i < PIXELS; i++) {
        Philox.block(KEY, 100 + i, 9, 7, frame / 4, words);
        float z = normals[words[frame % 4] >>> 20];
        float s = (float) intensity(at(real, i), at(imaginary, i)) * gain;
        s = s + (float) Math.sqrt(0.25f * s + 1.5f * 1.5f) * z;
        float expected = Math.min(Math.max((float) Math.rint(s), 0), 200);
        assertThat(counts.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void idealReadOutIsTheRealPartAgainstTheAnchor(Loops loops) {
    float[] signal = readOut(loops, new CameraResponse(1e-4f, 0, 0, false, OFF), 0, true);
    MemorySegment[] f = fieldsOfOneSample();
    for (int i = 0; i < PIXELS; i++) {
      double ar = at(f[4], i);
      double ai = at(f[5], i);
      double root = Math.hypot(ar, ai);
      double projected =
          (ar * (at(f[0], i) - at(f[2], i)) + ai * (at(f[1], i) - at(f[3], i))) / root;
      double expected = (projected - 0.125 * root) * Math.sqrt(1e-4) * 3 * 0.5;
      assertThat((double) signal[i]).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void fourFramesAtFullPrecisionGiveTheIdealSignal(Loops loops) {
    float[] ideal = readOut(loops, new CameraResponse(1e-4f, 0, 0, false, OFF), 0, false);
    // Saturation far away switches the exact path off and nothing else on.
    float[] frames = readOut(loops, new CameraResponse(1e-4f, 0, 0, false, 1e30f), 0, false);
    assertThat(frames).isNotEqualTo(ideal); // it is another path
    for (int i = 0; i < PIXELS; i++) {
      assertThat(frames[i]).isCloseTo(ideal[i], within(1e-3f * (1 + Math.abs(ideal[i]))));
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void darkPixelsGiveZeroWithoutAFloor(Loops loops) {
    for (CameraResponse camera :
        List.of(
            new CameraResponse(1e-4f, 0, 0, false, OFF),
            new CameraResponse(1e-4f, 0, 0, true, 255))) {
      MemorySegment zero = arena.allocate(4L * PIXELS, 64);
      MemorySegment signal = arena.allocate(4L * PIXELS, 64).fill((byte) 0x7F);
      long z = zero.address();
      ReadOut readOut = new ReadOut(0, true, 1);
      loops.readOut(
          signal.address(),
          z,
          z,
          z,
          z,
          z,
          z,
          z,
          0,
          PIXELS,
          0.5f,
          1,
          CameraSetup.plain(camera, KEY),
          readOut,
          0);
      for (int i = 0; i < PIXELS; i++) {
        assertThat(signal.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isZero();
      }
    }
  }

  private float[] readOut(Loops loops, CameraResponse camera, float floor, boolean removeBias) {
    MemorySegment[] f = fieldsOfOneSample();
    MemorySegment anchor = arena.allocate(4L * PIXELS, 64);
    for (int i = 0; i < PIXELS; i++) {
      float counts = (float) intensity(at(f[4], i), at(f[5], i)) * camera.gain();
      anchor.setAtIndex(ValueLayout.JAVA_FLOAT, i, counts);
    }
    MemorySegment signal = arena.allocate(4L * PIXELS, 64);
    loops.readOut(
        signal.address(),
        f[0].address(),
        f[1].address(),
        f[2].address(),
        f[3].address(),
        f[4].address(),
        f[5].address(),
        anchor.address(),
        0,
        PIXELS,
        0.125f,
        0.5f,
        CameraSetup.plain(camera, KEY),
        new ReadOut(floor, removeBias, 3),
        0);
    return signal.toArray(ValueLayout.JAVA_FLOAT);
  }

  private MemorySegment[] fieldsOfOneSample() {
    MemorySegment[] fields = new MemorySegment[6];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = fields(i + 10);
    }
    return fields;
  }

  private MemorySegment fields(int seed) {
    Random random = new Random(seed);
    MemorySegment memory = arena.allocate(4L * PIXELS, 64);
    for (int i = 0; i < PIXELS; i++) {
      memory.setAtIndex(ValueLayout.JAVA_INT, i, (int) (2000 * random.nextGaussian()));
    }
    return memory;
  }

  private static long at(MemorySegment field, int pixel) {
    return field.getAtIndex(ValueLayout.JAVA_INT, pixel);
  }

  private static long intensity(long real, long imaginary) {
    return real * real + imaginary * imaginary;
  }

  @ParameterizedTest
  @MethodSource("loops")
  void ternaryRulesAreStrictAndCountWhatTheyWrite(Loops loops) {
    float[] error = {0.5f, -0.5f, 0.25f, -1, 0, Float.NaN, 0.75f, -0.1f};
    assertTernary(loops, new TernaryRule.Sign(), error, 1, -1, 1, -1, 0, 0, 1, -1);
    assertTernary(loops, new TernaryRule.Absolute(2), error, 0, 0, 0, -1, 0, 0, 1, 0);
    assertTernary(loops, new TernaryRule.RelativeToMax(0.5f), error, 0, 0, 0, -1, 0, 0, 1, 0);
    float[] two = {3, -4, 0, 0};
    assertTernary(loops, new TernaryRule.RelativeToRms(1.2f), two, 0, -1, 0, 0); // rms 2.5
    assertTernary(loops, new TernaryRule.RelativeToRms(1.19f), two, 1, -1, 0, 0);
    assertTernary(loops, new TernaryRule.Stochastic(), new float[4], 0, 0, 0, 0);
  }

  private void assertTernary(Loops loops, TernaryRule rule, float[] error, int... expected) {
    int copies = 33; // so that whole vectors are used too
    int n = error.length * copies;
    MemorySegment in = arena.allocate(4L * n, 64);
    for (int i = 0; i < n; i++) {
      in.setAtIndex(ValueLayout.JAVA_FLOAT, i, error[i % error.length]);
    }
    MemorySegment out = arena.allocate(n, 64);
    MemorySegment counts = arena.allocate(8, 64);
    loops.ternarize(rule, out.address(), counts.address(), in.address(), n, 4, KEY, 3);
    int positive = 0;
    int negative = 0;
    for (int i = 0; i < n; i++) {
      int t = out.get(ValueLayout.JAVA_BYTE, i);
      assertThat(t).as("%s, element %d", rule, i).isEqualTo(expected[i % error.length]);
      positive += t > 0 ? 1 : 0;
      negative += t < 0 ? 1 : 0;
    }
    assertThat(counts.getAtIndex(ValueLayout.JAVA_INT, 0)).isEqualTo(positive);
    assertThat(counts.getAtIndex(ValueLayout.JAVA_INT, 1)).isEqualTo(negative);
  }

  @ParameterizedTest
  @MethodSource("loops")
  void stochasticRuleIsUnbiased(Loops loops) {
    int n = 40_000;
    MemorySegment in = arena.allocate(4L * n, 64);
    for (int i = 0; i < n; i++) {
      in.setAtIndex(ValueLayout.JAVA_FLOAT, i, i == 0 ? 2 : -0.5f); // P(-1) = 1/4
    }
    MemorySegment out = arena.allocate(n, 64);
    MemorySegment counts = arena.allocate(8, 64);
    TernaryRule rule = new TernaryRule.Stochastic();
    loops.ternarize(rule, out.address(), counts.address(), in.address(), n, 1, KEY, 3);
    assertThat(out.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
    assertThat(counts.getAtIndex(ValueLayout.JAVA_INT, 0)).isEqualTo(1);
    assertThat(counts.getAtIndex(ValueLayout.JAVA_INT, 1))
        .isCloseTo(n / 4, within(450)); // 5 standard deviations
  }
}

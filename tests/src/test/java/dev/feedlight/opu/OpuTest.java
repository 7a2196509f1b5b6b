package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.device.TransmissionBytes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Opu} adds to {@link EmulatedOpu}: encoders, units, bytes. */
final class OpuTest {
  private static final int INPUTS = 60;
  private static final int OUTPUTS = 200;
  private static final long SEED = 17;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private OpuBuilder builder(OpuSettings settings) {
    return Opu.builder(lab.device()).settings(settings).outputs(OUTPUTS).seed(SEED);
  }

  private EmulatedOpu unit(OpuSettings settings) {
    return lab.unit(settings, INPUTS, OUTPUTS, SEED);
  }

  private static float[] gaussian(int n) {
    Random random = new Random(5);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static byte[] bytes(float[] counts) {
    byte[] bytes = new byte[counts.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) counts[i];
    }
    return bytes;
  }

  @Test
  void bytesAreShownAsTheyAre() {
    byte[] ternary = Patterns.ternary(5, INPUTS, 0.4, 1);
    byte[] binary = Patterns.binary(5, INPUTS, 0.4, 1);
    OpuSettings settings = OpuSettings.defaults();
    try (Opu opu = builder(settings).build()) {
      assertThat(opu.fit(INPUTS).linearTransform(ternary))
          .containsExactly(unit(settings).project(ternary));
      assertThat(opu.fit(ternary, INPUTS).transform(binary))
          .containsExactly(bytes(unit(settings).autoExposed(binary)));
      assertThat(opu.fitTransform(binary, INPUTS))
          .containsExactly(bytes(unit(settings).autoExposed(binary)));
      assertThat(opu.inputs()).isEqualTo(INPUTS);
      assertThat(opu.outputs()).isEqualTo(OUTPUTS);
      assertThat(opu.unit().log().frames()).isEqualTo(6);
    }
    try (Opu opu = builder(settings).exposure(Exposure.CALIBRATED).build()) {
      assertThat(opu.fit(INPUTS).transform(binary))
          .containsExactly(bytes(unit(settings).intensity(binary)));
    }
  }

  /** Bright pixels are bytes above 127: unsigned ones. */
  @Test
  void bytesReachFullScale() {
    OpuSettings bright =
        OpuSettings.defaults().withCamera(Camera.defaults().withMeanAnchorLevel(0.8));
    try (Opu opu = builder(bright).build()) {
      byte[] frames = opu.fitTransform(Patterns.binary(3, INPUTS, 0.5, 2), INPUTS);
      int saturated = 0;
      for (byte count : frames) {
        saturated += Byte.toUnsignedInt(count) == 255 ? 1 : 0;
      }
      // Mean 0.8 of 256: e^-1.24 = 29 % of the pixels.
      assertThat(saturated).isBetween(100, 300);
    }
  }

  @Test
  void floatsGoThroughTheEncoder() {
    float[] rows = gaussian(4 * INPUTS);
    OpuSettings settings = OpuSettings.defaults();
    for (Encoder encoder : new Encoder[] {BinaryThreshold.aboveMedian(), BitPlanes.signed(3)}) {
      Encoding encoding = encoder.fit(rows, INPUTS);
      try (Opu opu = builder(settings).encoder(encoder).build()) {
        assertThat(opu.fit(rows, INPUTS).linearTransform(rows))
            .containsExactly(
                encoding.decode(unit(settings).project(encoding.ternary(rows)), OUTPUTS));
        assertThat(opu.fitTransform(rows, INPUTS))
            .containsExactly(bytes(unit(settings).autoExposed(encoding.binary(rows))));
        assertThat(opu.encoding().quantised(rows)).containsExactly(encoding.quantised(rows));
      }
    }
  }

  /**
   * R q(x) with R from integer fields in double precision. A plane is projected with 7.5 roundings
   * (see IdealProjectionTest), weights and q(x) are rounded once each, and so is the sum: ten
   * roundings of the planes' terms, one of the product's.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 6, 12})
  void linearTransformIsTheMatrixTimesTheRoundedRow(int bits) {
    int outputs = 30;
    float[] rows = gaussian(3 * INPUTS);
    ExactMedium medium = new ExactMedium(SEED, INPUTS);
    double[][] matrix = new double[outputs][INPUTS];
    for (int pixel = 0; pixel < outputs; pixel++) {
      ExactMedium.Field anchor = medium.anchor(pixel);
      for (int i = 0; i < INPUTS; i++) {
        byte[] unitVector = new byte[INPUTS];
        unitVector[i] = 1;
        ExactMedium.Field entry = medium.field(pixel, unitVector, 0);
        double real = anchor.real() * entry.real() + anchor.imaginary() * entry.imaginary();
        matrix[pixel][i] = Math.sqrt(2) * real / anchor.abs() / TransmissionBytes.SCALE;
      }
    }
    try (Opu opu =
        builder(OpuSettings.ideal()).outputs(outputs).encoder(BitPlanes.signed(bits)).build()) {
      float[] projected = opu.fit(rows, INPUTS).linearTransform(rows);
      float[] quantised = opu.encoding().quantised(rows);
      byte[] planes = opu.encoding().ternary(rows);
      for (int row = 0; row < 3; row++) {
        for (int pixel = 0; pixel < outputs; pixel++) {
          double expected = 0;
          double terms = 0;
          for (int i = 0; i < INPUTS; i++) {
            expected += matrix[pixel][i] * quantised[row * INPUTS + i];
            terms += Math.abs(matrix[pixel][i] * quantised[row * INPUTS + i]);
          }
          double planeTerms = 0;
          for (int plane = 0; plane < bits; plane++) {
            double projection = 0;
            for (int i = 0; i < INPUTS; i++) {
              projection += matrix[pixel][i] * planes[(row * bits + plane) * INPUTS + i];
            }
            planeTerms += opu.encoding().weight(plane) * Math.abs(projection);
          }
          assertThat((double) projected[row * outputs + pixel])
              .isCloseTo(expected, within(0x1p-24 * (10 * planeTerms + terms)));
        }
      }
    }
  }

  @Test
  void roundingIsAllThatAnEncoderLoses() {
    float[] rows = gaussian(INPUTS);
    double last = 1;
    for (int bits : new int[] {2, 4, 6, 8}) {
      try (Opu opu = builder(OpuSettings.ideal()).encoder(BitPlanes.signed(bits)).build()) {
        Sample found = Sample.of(opu.fit(rows, INPUTS).linearTransform(rows));
        Encoding fine = BitPlanes.signed(16).fit(rows, INPUTS);
        Sample exact =
            Sample.of(fine.decode(unit(OpuSettings.ideal()).project(fine.ternary(rows)), OUTPUTS));
        double error = 1 - found.correlation(exact);
        // Two bits are four times finer, errors in quadrature 16 times smaller; half that is left
        // for chance.
        assertThat(error).as("%d bits", bits).isLessThan(last / 8);
        last = error;
      }
    }
  }

  @Test
  void norm() {
    int outputs = 4000;
    byte[] ternary = Patterns.ternary(1, INPUTS, 0.5, 3);
    try (Opu opu =
        builder(OpuSettings.ideal()).outputs(outputs).rescaling(OutputRescaling.NORM).build()) {
      double squares = 0;
      for (float value : opu.fit(INPUTS).linearTransform(ternary)) {
        squares += (double) value * value;
      }
      int sum = Patterns.sum(ternary);
      // The mean of the real matrix adds its share, (sum)^2 / n times pi / 2 - 1 over and above.
      double expected =
          Patterns.lit(ternary) + (double) sum * sum / INPUTS * (Math.PI / 2) * (1 - 2 / Math.PI);
      assertThat(squares)
          .isCloseTo(expected, within(Sample.ERRORS * expected * Math.sqrt(2.0 / outputs)));
    }
  }

  @Test
  void varianceAndNormDifferByAFactor() {
    byte[] ternary = Patterns.ternary(2, INPUTS, 0.5, 3);
    OpuSettings settings = OpuSettings.defaults();
    float[] variance = unit(settings).project(ternary);
    try (Opu opu = builder(settings).rescaling(OutputRescaling.NORM).build()) {
      float[] norm = opu.fit(INPUTS).linearTransform(ternary);
      float factor = (float) (1 / Math.sqrt(OUTPUTS));
      for (int i = 0; i < norm.length; i++) {
        assertThat(norm[i]).isEqualTo(variance[i] * factor);
      }
    }
  }

  /** The read-out's formula in the counts of a camera that has no noise. */
  @Test
  void withoutRescalingUnitsAreRootsOfCounts() {
    Camera quiet = Camera.defaults().withNoise(0, 0);
    OpuSettings settings =
        OpuSettings.defaults().withCamera(quiet).withReadout(new LinearReadout(1, false));
    byte[] ternary = Patterns.ternary(1, INPUTS, 0.5, 9);
    byte[][] frames = new byte[4][INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      frames[0][i] = (byte) (ternary[i] > 0 ? 1 : 0);
      frames[1][i] = (byte) (1 - frames[0][i]);
      frames[2][i] = (byte) (ternary[i] < 0 ? 1 : 0);
      frames[3][i] = (byte) (1 - frames[2][i]);
    }
    EmulatedOpu unit = unit(settings);
    float[][] counts = new float[4][];
    for (int i = 0; i < 4; i++) {
      counts[i] = unit.intensity(frames[i]);
    }
    float[] anchor = unit.anchor();
    try (Opu opu = builder(settings).rescaling(OutputRescaling.NONE).build()) {
      float[] projected = opu.fit(INPUTS).linearTransform(ternary);
      for (int j = 0; j < OUTPUTS; j++) {
        double sum = counts[0][j] - counts[1][j] - counts[2][j] + counts[3][j];
        double expected = sum / (2 * Math.sqrt(Math.max(1, anchor[j])));
        // Root, quotient, unit twice (its own rounding and the product), factor twice.
        assertThat((double) projected[j])
            .isCloseTo(expected, within(6 * 0x1p-24 * Math.abs(expected)));
      }
    }
  }

  /** Up to the exposure, a factor that is rounded on its way in and out: 16 roundings. */
  @ParameterizedTest
  @EnumSource(names = {"PROCEDURAL", "STORED"})
  void moreOutputsChangeNothing(TransmissionMatrix matrix) {
    OpuSettings settings = OpuSettings.ideal().withMatrix(matrix);
    byte[] ternary = Patterns.ternary(1, INPUTS, 0.5, 3);
    byte[] binary = Patterns.binary(1, INPUTS, 0.5, 3);
    try (Opu many = builder(settings).outputs(333).build();
        Opu few = builder(settings).outputs(70).build()) {
      float[] linear = few.fit(INPUTS).linearTransform(ternary);
      float[] longer = many.fit(INPUTS).linearTransform(ternary);
      float[] light = few.intensity(binary);
      float[] brighter = many.intensity(binary);
      for (int i = 0; i < 70; i++) {
        assertThat(linear[i]).isCloseTo(longer[i], within(16 * 0x1p-24f * Math.abs(longer[i])));
        // Each frame by itself: its exposure knows the number of mirrors alone.
        assertThat(light[i]).isEqualTo(brighter[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCEDURAL", "STORED"})
  void moreInputsChangeNoIntensity(TransmissionMatrix matrix) {
    OpuSettings settings = OpuSettings.ideal().withMatrix(matrix);
    byte[] binary = Patterns.binary(1, INPUTS, 0.5, 3);
    try (Opu opu = builder(settings).build()) {
      float[] narrow = opu.fit(INPUTS).intensity(binary);
      for (int inputs : new int[] {61, 64, 200, 4200}) {
        assertThat(opu.fit(inputs).intensity(Arrays.copyOf(binary, inputs)))
            .containsExactly(narrow);
      }
    }
  }

  /** Sums of floats may be added in another order where there are more of them. */
  @Test
  void gaussianEntriesStayToo() {
    OpuSettings settings = OpuSettings.ideal().withMatrix(TransmissionMatrix.GAUSSIAN32);
    byte[] binary = Patterns.binary(1, INPUTS, 0.5, 3);
    try (Opu opu = builder(settings).build();
        Opu many = builder(settings).outputs(333).build()) {
      float[] narrow = opu.fit(INPUTS).intensity(binary);
      float[] wide = many.fit(200).intensity(Arrays.copyOf(binary, 200));
      // A field errs by less than n roundings of its terms, an intensity by twice the field; the
      // mean count is 64.
      for (int i = 0; i < OUTPUTS; i++) {
        double size = Math.sqrt(64.0 * Math.max(64, narrow[i]));
        assertThat(wide[i]).isCloseTo(narrow[i], within((float) (4 * INPUTS * 0x1p-24 * size)));
      }
    }
  }

  @Test
  void theSeedDecidesAndAFitBeginsAnew() {
    byte[] ternary = Patterns.ternary(2, INPUTS, 0.5, 3);
    try (Opu one = builder(OpuSettings.defaults()).build();
        Opu same = builder(OpuSettings.defaults()).build();
        Opu other = builder(OpuSettings.defaults()).seed(SEED + 1).build()) {
      float[] first = one.fit(INPUTS).linearTransform(ternary);
      assertThat(same.fit(INPUTS).linearTransform(ternary)).containsExactly(first);
      assertThat(one.linearTransform(ternary)).isNotEqualTo(first);
      assertThat(one.fit(INPUTS).linearTransform(ternary)).containsExactly(first);
      double correlation =
          Sample.of(other.fit(INPUTS).linearTransform(ternary)).correlation(Sample.of(first));
      // Vectors share no mean here; 400 independent pairs.
      assertThat(Math.abs(correlation)).isLessThan(Sample.ERRORS / Math.sqrt(2 * OUTPUTS));
    }
  }

  /** More numbers than are held at once: 2^24. */
  @Test
  void manyRowsAreShownInParts() {
    int outputs = 4000;
    byte[] rows = Patterns.binary(4500, 4, 0.5, 6);
    try (Opu opu = builder(OpuSettings.defaults()).outputs(outputs).build()) {
      byte[] shown = opu.fitTransform(rows, 4);
      EmulatedOpu unit = lab.unit(OpuSettings.defaults(), 4, outputs, SEED);
      assertThat(Arrays.equals(shown, bytes(unit.autoExposed(rows)))).isTrue();
    }
  }

  @Test
  void presetsByName() {
    byte[] ternary = Patterns.ternary(1, INPUTS, 0.5, 3);
    for (OpuPreset preset : OpuPreset.all()) {
      try (Opu opu = builder(OpuSettings.ideal()).preset(preset.name()).build()) {
        assertThat(opu.fit(INPUTS).linearTransform(ternary))
            .as(preset.name())
            .containsExactly(unit(preset.settings()).project(ternary));
      }
    }
  }
}

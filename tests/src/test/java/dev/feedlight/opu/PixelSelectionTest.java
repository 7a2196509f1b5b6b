package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.tensor.ShapeException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Output j is the j-th pixel that is bright enough, and the same as that pixel of a full region.
 */
final class PixelSelectionTest {
  private static final int INPUTS = 120;
  private static final int OUTPUTS = 150;
  private static final long SEED = 31;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private static OpuSettings with(OpuSettings settings, PixelSelection selection) {
    return settings.withReadout(settings.readout().withSelection(selection));
  }

  static Stream<Arguments> units() {
    OpuSettings unit = OpuSettings.defaults();
    Sensor flawed = Sensor.defaults().withDarkOffset(4).withDefects(0.03, 0.03);
    return Stream.of(
        Arguments.of("procedural", unit),
        Arguments.of("stored", unit.withMatrix(TransmissionMatrix.STORED)),
        Arguments.of("flaws", unit.withSensor(flawed)),
        Arguments.of("12 bits", unit.withCamera(unit.camera().withBits(12))),
        Arguments.of("macropixels", unit.withDmd(new Dmd(5 * INPUTS + 3, true))),
        Arguments.of("drift", unit.withDrift(new Drift(3, 2))),
        Arguments.of(
            "stored, flaws, drift",
            unit.withMatrix(TransmissionMatrix.STORED)
                .withSensor(flawed)
                .withDrift(new Drift(3, 2))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("units")
  void outputsAreThePixelsOfTheRegion(String name, OpuSettings settings) {
    EmulatedOpu selected = lab.unit(with(settings, PixelSelection.bright()), INPUTS, OUTPUTS, SEED);
    int region = Math.toIntExact(selected.calibration().region());
    assertThat(region).isEqualTo(210);
    EmulatedOpu whole = lab.unit(settings, INPUTS, region, SEED);
    int[] pixels = selected.pixels();
    assertThat(selected.camera()).isEqualTo(whole.camera());
    assertThat(selected.anchor()).containsExactly(Sample.gather(whole.anchor(), 0, pixels));

    byte[] ternary = Patterns.ternary(5, INPUTS, 0.3, 1);
    byte[] frames = Patterns.binary(5, INPUTS, 0.3, 2);
    for (int time = 0; time < 2; time++) {
      assertGathered(selected.project(ternary), whole.project(ternary), pixels, region);
      assertGathered(selected.intensity(frames), whole.intensity(frames), pixels, region);
      assertGathered(selected.autoExposed(frames), whole.autoExposed(frames), pixels, region);
    }
  }

  private static void assertGathered(float[] few, float[] all, int[] pixels, int region) {
    for (int row = 0; row < 5; row++) {
      assertThat(Arrays.copyOfRange(few, row * OUTPUTS, (row + 1) * OUTPUTS))
          .as("row %d", row)
          .containsExactly(Sample.gather(all, row * region, pixels));
    }
  }

  /**
   * Sums of floats may be added in another order in another tile: 120 roundings of a field's terms,
   * squared, divided by anchors of more than 12 counts. Without rounding to counts nothing jumps.
   */
  @Test
  void pixelsOfFloatsAreThoseOfTheRegionUpToRounding() {
    OpuSettings settings =
        OpuSettings.defaults()
            .withMatrix(TransmissionMatrix.GAUSSIAN32)
            .withCamera(new Camera(8, false, true, 0.25, 0, 0));
    EmulatedOpu selected = lab.unit(with(settings, PixelSelection.bright()), INPUTS, OUTPUTS, SEED);
    EmulatedOpu whole = lab.unit(settings, INPUTS, 210, SEED);
    byte[] ternary = Patterns.ternary(1, INPUTS, 0.3, 1);
    float[] few = selected.project(ternary);
    float[] all = Sample.gather(whole.project(ternary), 0, selected.pixels());
    for (int i = 0; i < OUTPUTS; i++) {
      assertThat(few[i]).isCloseTo(all[i], within(1e-3f));
    }
  }

  @Test
  void outputJIsTheJthAcceptedPixel() {
    OpuSettings settings = OpuSettings.defaults();
    EmulatedOpu whole = lab.unit(settings, INPUTS, 210, SEED);
    float[] anchor = whole.anchor();
    for (double level : new double[] {0, 0.02, 0.05, 0.07}) {
      int[] accepted =
          IntStream.range(0, 210).filter(i -> anchor[i] > level * 255 && anchor[i] < 255).toArray();
      PixelSelection selection = new PixelSelection(1.4, level);
      EmulatedOpu selected = lab.unit(with(settings, selection), INPUTS, OUTPUTS, SEED);
      assertThat(selected.pixels()).containsExactly(Arrays.copyOf(accepted, OUTPUTS));
      assertThat(selected.calibration().acceptedPixels()).isEqualTo(accepted.length);
    }
    assertThat(whole.pixels()).containsExactly(IntStream.range(0, 210).toArray());
    assertThat(whole.calibration().acceptedPixels()).isEqualTo(210);
  }

  /** Without an upper end, only dark pixels are left out. */
  @Test
  void withoutSaturationEveryBrightPixelIsTaken() {
    OpuSettings ideal = with(OpuSettings.ideal(), new PixelSelection(1.5, 0.5));
    assertThat(lab.unit(ideal, INPUTS, OUTPUTS, SEED).pixels())
        .containsExactly(IntStream.range(0, OUTPUTS).toArray());
  }

  @Test
  void anOversamplingThatIsAdvisedWorks() {
    Pattern advice = Pattern.compile("an oversampling of (\\d+\\.\\d+) would do");
    int refused = 0;
    for (int outputs : new int[] {2, 10, 100, 1000}) {
      for (int seed = 0; seed < 30; seed++) {
        OpuSettings tight = with(OpuSettings.defaults(), new PixelSelection(1.1, 0.1));
        int unitSeed = seed;
        ShapeException refusal =
            catchThrowableOfType(
                ShapeException.class, () -> lab.unit(tight, 50, outputs, unitSeed));
        if (refusal == null) {
          continue;
        }
        refused++;
        assertThat(refusal)
            .hasMessageContainingAll(
                "of " + (int) Math.ceil(1.1 * outputs), "the " + outputs + " outputs");
        Matcher found = advice.matcher(refusal.getMessage());
        if (!found.find()) {
          // None of so few pixels was accepted: there is nothing to go by.
          assertThat(outputs).isEqualTo(2);
          continue;
        }
        PixelSelection advised = new PixelSelection(Double.parseDouble(found.group(1)), 0.1);
        EmulatedOpu unit = lab.unit(with(tight, advised), 50, outputs, seed);
        assertThat(unit.pixels()).hasSize(outputs);
      }
    }
    // Two thirds of the pixels lie between 25.6 and 255.
    assertThat(refused).isGreaterThan(90);
  }

  @Test
  void whereNoPixelIsAcceptedAnotherExposureIsAdvised() {
    OpuSettings settings = with(OpuSettings.defaults(), new PixelSelection(2, 0.999));
    assertThatThrownBy(() -> lab.unit(settings, INPUTS, OUTPUTS, SEED))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("of 300 pixels 0 are", "the 150 outputs", "mean anchor level");
  }

  @Test
  void theRegionFitsTheSensor() {
    OpuSettings small =
        with(
            OpuSettings.defaults().withSensor(Sensor.defaults().withPixels(209)),
            PixelSelection.bright());
    assertThatThrownBy(() -> lab.unit(small, INPUTS, OUTPUTS, SEED))
        .isInstanceOf(ShapeException.class)
        .hasMessageContainingAll("210", "209");
  }

  /** A region is not kept: what lives on is as large as without selection, and the numbers. */
  @Test
  void theRegionIsFreed() {
    OpuSettings stored = OpuSettings.defaults().withMatrix(TransmissionMatrix.STORED);
    long before = owned();
    lab.unit(stored, INPUTS, OUTPUTS, SEED);
    long plain = owned() - before;
    lab.unit(with(stored, PixelSelection.bright()), INPUTS, OUTPUTS, SEED);
    assertThat(owned() - before - plain).isEqualTo(plain + 4L * OUTPUTS);
  }

  private long owned() {
    return lab.device().memory().scopes().getOrDefault("units under test", 0L);
  }
}

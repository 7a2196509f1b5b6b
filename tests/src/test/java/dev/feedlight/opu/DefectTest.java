package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pixels that are hot or dead: how many, which, what they read, and who takes care of them. */
final class DefectTest {
  private static final int INPUTS = 100;
  private static final int OUTPUTS = 20_000;
  private static final long SEED = 40;
  private static final double HOT = 0.02;
  private static final double DEAD = 0.05;
  private static final double OFFSET = 7;
  private static final Sensor FLAWED =
      Sensor.defaults().withDarkOffset(OFFSET).withDefects(HOT, DEAD);

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  private EmulatedOpu unit(Sensor sensor, Camera camera, int outputs) {
    OpuSettings settings = OpuSettings.defaults().withSensor(sensor).withCamera(camera);
    return lab.unit(settings, INPUTS, outputs, SEED);
  }

  private static Camera quiet() {
    return Camera.defaults().withNoise(0, 0);
  }

  /** Pixels that read full scale in the dark. */
  private static boolean[] hot(EmulatedOpu unit) {
    return reading(unit, new byte[INPUTS], 255);
  }

  /** Pixels that read the dark offset in twelve bright frames. */
  private static boolean[] dead(EmulatedOpu unit) {
    return reading(unit, Patterns.binary(12, INPUTS, 0.9, 1), (float) OFFSET);
  }

  private static boolean[] reading(EmulatedOpu unit, byte[] frames, float count) {
    float[] counts = unit.intensity(frames);
    boolean[] found = new boolean[Math.toIntExact(unit.outputs())];
    Arrays.fill(found, true);
    for (int i = 0; i < counts.length; i++) {
      found[i % found.length] &= counts[i] == count;
    }
    return found;
  }

  private static int count(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }

  @Test
  void sharesAreThoseAskedFor() {
    EmulatedOpu unit = unit(FLAWED, quiet(), OUTPUTS);
    int hot = count(hot(unit));
    int dead = count(dead(unit));
    assertThat(unit.calibration().hotPixels()).isEqualTo(hot);
    assertThat(unit.calibration().deadPixels()).isEqualTo(dead);
    assertShare(hot, HOT);
    assertShare(dead, DEAD);
  }

  private static void assertShare(int found, double share) {
    assertThat((double) found / OUTPUTS)
        .isCloseTo(share, within(Sample.ERRORS * Math.sqrt(share * (1 - share) / OUTPUTS)));
  }

  /** A defect belongs to the pixel, whatever else the unit has. */
  @Test
  void theSamePixelsWhateverTheUnit() {
    EmulatedOpu many = unit(FLAWED, quiet(), OUTPUTS);
    for (int outputs : new int[] {1, 64, 1000}) {
      EmulatedOpu few = unit(FLAWED, quiet(), outputs);
      assertThat(hot(few)).containsExactly(Arrays.copyOf(hot(many), outputs));
      assertThat(dead(few)).containsExactly(Arrays.copyOf(dead(many), outputs));
    }
    OpuSettings other =
        OpuSettings.defaults()
            .withSensor(FLAWED)
            .withCamera(quiet())
            .withMatrix(TransmissionMatrix.GAUSSIAN32);
    EmulatedOpu gaussian = lab.unit(other, INPUTS, 1000, SEED);
    assertThat(hot(gaussian)).containsExactly(Arrays.copyOf(hot(many), 1000));
    assertThat(dead(gaussian)).containsExactly(Arrays.copyOf(dead(many), 1000));
    OpuSettings seeded = OpuSettings.defaults().withSensor(FLAWED).withCamera(quiet());
    assertThat(hot(lab.unit(seeded, INPUTS, 1000, SEED + 1)))
        .isNotEqualTo(Arrays.copyOf(hot(many), 1000));
  }

  /** More of one kind leaves those there were. */
  @Test
  void moreDefectsKeepTheFirst() {
    boolean[] few = dead(unit(FLAWED, quiet(), 2000));
    boolean[] more = dead(unit(FLAWED.withDefects(HOT, 3 * DEAD), quiet(), 2000));
    for (int i = 0; i < few.length; i++) {
      assertThat(more[i] || !few[i]).isTrue();
    }
  }

  /** Hot is full scale in every frame, also where noise is as large as it gets. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 12, 16})
  void hotPixelsAreAtFullScaleWhateverTheySee(int bits) {
    for (double noise : new double[] {0, 0.6, 20, 255}) {
      Camera camera = Camera.defaults().withBits(bits).withNoise(noise, 0.11);
      boolean[] flags = hot(unit(FLAWED, quiet(), 1000));
      EmulatedOpu unit = unit(FLAWED.withDarkOffset(0), camera, 1000);
      float full = (1 << bits) - 1;
      float[] counts = unit.intensity(Patterns.binary(20, INPUTS, 0.3, 1));
      for (int i = 0; i < counts.length; i++) {
        if (flags[i % 1000]) {
          assertThat(counts[i]).as("%d bits, noise %s", bits, noise).isEqualTo(full);
        }
      }
    }
  }

  @Test
  void deadPixelsShowTheDarkOffsetAndItsNoise() {
    boolean[] flags = dead(unit(FLAWED, quiet(), OUTPUTS));
    float[] counts =
        unit(FLAWED, Camera.defaults(), OUTPUTS).intensity(Patterns.firstOnes(80, INPUTS));
    double[] seen = new double[count(flags)];
    int next = 0;
    for (int i = 0; i < OUTPUTS; i++) {
      if (flags[i]) {
        seen[next++] = counts[i];
      }
    }
    Sample dark = new Sample(seen);
    // Read noise of 0.6, and 1/12 of rounding.
    double variance = 0.36 + 1.0 / 12;
    assertThat(dark.mean())
        .isCloseTo(OFFSET, within(Sample.ERRORS * Math.sqrt(variance / seen.length)));
    assertThat(dark.variance())
        .isCloseTo(variance, within(Sample.ERRORS * variance * Math.sqrt(2.0 / seen.length)));
  }

  /** All four frames are alike: nothing is left of them, nor does anything blow up. */
  @Test
  void defectsProjectToNothing() {
    OpuSettings settings =
        OpuSettings.defaults()
            .withSensor(FLAWED)
            .withCamera(quiet())
            .withReadout(new LinearReadout(1, false));
    EmulatedOpu unit = lab.unit(settings, INPUTS, 2000, SEED);
    boolean[] hot = hot(unit);
    boolean[] dead = dead(unit);
    float[] y = unit.project(Patterns.ternary(3, INPUTS, 0.3, 1));
    for (int i = 0; i < y.length; i++) {
      if (hot[i % 2000] || dead[i % 2000]) {
        assertThat(y[i]).isZero();
      }
    }
  }

  /** Dark ones are too dark, hot ones saturate: selection needs no list of defects. */
  @ParameterizedTest
  @ValueSource(longs = {40, 41, 42, 43})
  void selectionLeavesThemOut(long seed) {
    OpuSettings settings = OpuSettings.defaults().withSensor(FLAWED.withDefects(0.1, 0.1));
    PixelSelection selection = new PixelSelection(2, 0.05);
    OpuSettings shown =
        settings.withCamera(quiet()).withSensor(settings.sensor().withDarkOffset(OFFSET));
    EmulatedOpu whole = lab.unit(shown, INPUTS, 4000, seed);
    boolean[] hot = hot(whole);
    boolean[] dead = dead(whole);
    OpuSettings selecting = settings.withReadout(LinearReadout.defaults().withSelection(selection));
    for (int pixel : lab.unit(selecting, INPUTS, 2000, seed).pixels()) {
      assertThat(hot[pixel] || dead[pixel]).as("pixel %d", pixel).isFalse();
    }
  }
}

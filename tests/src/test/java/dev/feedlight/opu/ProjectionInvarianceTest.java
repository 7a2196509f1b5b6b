package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What must not matter to a projection with noise: batches, threads, tiles, how often it is run.
 */
final class ProjectionInvarianceTest {
  private static final int INPUTS = 130;
  private static final int OUTPUTS = 333;
  private static final int BATCH = 7;
  private static final long SEED = 42;

  private final OpticsLab lab = new OpticsLab(2);
  private final OpuSettings settings = OpuSettings.defaults();
  private final byte[] ternary = Patterns.ternary(BATCH, INPUTS, 0.3, 1);

  @AfterEach
  void close() {
    lab.close();
  }

  private float[] project() {
    return lab.project(settings, INPUTS, OUTPUTS, SEED, ternary);
  }

  @Test
  void repeats() {
    assertThat(project()).containsExactly(project());
  }

  @Test
  void splitBatchesEqualTheWhole() {
    EmulatedOpu unit = lab.unit(settings, INPUTS, OUTPUTS, SEED);
    float[] whole = project();
    int done = 0;
    for (int count : new int[] {1, 4, 2}) {
      float[] part =
          unit.project(Arrays.copyOfRange(ternary, done * INPUTS, (done + count) * INPUTS));
      assertThat(part)
          .containsExactly(Arrays.copyOfRange(whole, done * OUTPUTS, (done + count) * OUTPUTS));
      done += count;
    }
  }

  @Test
  void rawFramesTakeNumbersToo() {
    EmulatedOpu unit = lab.unit(settings, INPUTS, OUTPUTS, SEED);
    unit.intensity(new byte[2 * INPUTS]);
    float[] later = unit.project(Arrays.copyOfRange(ternary, 2 * INPUTS, BATCH * INPUTS));
    assertThat(later).containsExactly(Arrays.copyOfRange(project(), 2 * OUTPUTS, BATCH * OUTPUTS));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CURAND")
  void threadsDoNotMatter(TransmissionMatrix matrix) {
    OpuSettings unit = settings.withMatrix(matrix);
    byte[] frames = Patterns.binary(2, INPUTS, 0.5, 2);
    float[] projected = lab.project(unit, INPUTS, OUTPUTS, SEED, ternary);
    float[] seen = lab.unit(unit, INPUTS, OUTPUTS, SEED).intensity(frames);
    try (OpticsLab other = new OpticsLab(1)) {
      assertThat(other.project(unit, INPUTS, OUTPUTS, SEED, ternary)).containsExactly(projected);
      assertThat(other.unit(unit, INPUTS, OUTPUTS, SEED).intensity(frames)).containsExactly(seen);
    }
  }

  /** Exposure looks at all pixels, so only at equal exposure can fewer pixels see the same. */
  @Test
  void tilesDoNotMatter() {
    EmulatedOpu unit = lab.unit(settings, INPUTS, OUTPUTS, SEED);
    int[] fields =
        lab.fields(TransmissionMatrix.PROCEDURAL, INPUTS, OUTPUTS, SEED, Patterns.ones(INPUTS));
    float[] whole = lab.expose(fields, unit.camera(), 77, 5, 2);
    for (int pixels : new int[] {1, 64, 65, 200}) {
      int[] first = Arrays.copyOf(fields, 2 * pixels);
      System.arraycopy(fields, OUTPUTS, first, pixels, pixels);
      assertThat(lab.expose(first, unit.camera(), 77, 5, 2))
          .containsExactly(Arrays.copyOf(whole, pixels));
    }
  }

  @Test
  void theSameVectorAgainMeetsOtherNoise() {
    byte[] one = Arrays.copyOf(ternary, INPUTS);
    byte[] twice = Patterns.concatenated(one, one);
    float[] noisy = lab.project(settings, INPUTS, OUTPUTS, SEED, twice);
    assertThat(differences(noisy)).isGreaterThan(OUTPUTS / 2);
    OpuSettings quiet = settings.withCamera(settings.camera().withNoise(0, 0));
    assertThat(differences(lab.project(quiet, INPUTS, OUTPUTS, SEED, twice))).isZero();
  }

  private static int differences(float[] twice) {
    int count = 0;
    for (int i = 0; i < OUTPUTS; i++) {
      count += twice[i] != twice[OUTPUTS + i] ? 1 : 0;
    }
    return count;
  }
}

package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The medium is one function of seed, pixel and mirror, wherever and however it is evaluated. */
final class MediumConsistencyTest {
  private static final long SEED = 99;
  private static final int BATCH = 3;

  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 9, 63, 65, 4095, 4096, 4097, 5000})
  void storedEqualsProcedural(int inputs) {
    byte[] ternary = Patterns.ternary(BATCH, inputs, 0.4, inputs);
    byte[] binary = Patterns.binary(BATCH, inputs, 0.4, inputs);
    OpuSettings procedural = OpuSettings.defaults();
    OpuSettings stored = procedural.withMatrix(TransmissionMatrix.STORED);
    for (int outputs : new int[] {1, 63, 64, 65, 130}) {
      assertThat(lab.fields(TransmissionMatrix.STORED, inputs, outputs, SEED, ternary))
          .as("fields at %d pixels", outputs)
          .containsExactly(
              lab.fields(TransmissionMatrix.PROCEDURAL, inputs, outputs, SEED, ternary));
      EmulatedOpu one = lab.unit(procedural, inputs, outputs, SEED);
      EmulatedOpu other = lab.unit(stored, inputs, outputs, SEED);
      assertThat(other.anchor()).containsExactly(one.anchor());
      assertThat(other.intensity(binary))
          .as("intensities at %d pixels", outputs)
          .containsExactly(one.intensity(binary));
      assertThat(other.project(ternary))
          .as("projections at %d pixels", outputs)
          .containsExactly(one.project(ternary));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 65, 1016, 4095, 4097, 5000, 20_000})
  void fieldsEqualScalarSums(int inputs) {
    byte[] ternary = Patterns.ternary(2, inputs, 0.7, inputs);
    byte[] patterns = Patterns.concatenated(ternary, Patterns.ones(inputs));
    int outputs = 66;
    ExactMedium medium = new ExactMedium(SEED, inputs);
    for (TransmissionMatrix matrix : OpticsLab.BYTES) {
      int[] fields = lab.fields(matrix, inputs, outputs, SEED, patterns);
      for (int vector = 0; vector < 3; vector++) {
        for (int pixel : new int[] {0, 1, 63, 64, 65}) {
          ExactMedium.Field exact = medium.field(pixel, patterns, vector * inputs);
          int at = 2 * vector * outputs + pixel;
          assertThat(fields[at]).as("%s, real, pixel %d", matrix, pixel).isEqualTo(exact.real());
          assertThat(fields[at + outputs])
              .as("%s, imaginary, pixel %d", matrix, pixel)
              .isEqualTo(exact.imaginary());
        }
      }
    }
  }

  @Test
  void moreOutputsChangeNothing() {
    int inputs = 75;
    byte[] patterns = Patterns.ternary(1, inputs, 0.5, 4);
    int[] many = lab.fields(TransmissionMatrix.PROCEDURAL, inputs, 200, SEED, patterns);
    for (TransmissionMatrix matrix : OpticsLab.BYTES) {
      for (int outputs : new int[] {1, 64, 70, 199}) {
        int[] few = lab.fields(matrix, inputs, outputs, SEED, patterns);
        assertThat(Arrays.copyOf(few, outputs)).containsExactly(Arrays.copyOf(many, outputs));
        assertThat(Arrays.copyOfRange(few, outputs, 2 * outputs))
            .containsExactly(Arrays.copyOfRange(many, 200, 200 + outputs));
      }
    }
  }

  @Test
  void moreInputsChangeNothing() {
    int outputs = 67;
    byte[] few = Patterns.ternary(1, 61, 0.5, 8);
    for (TransmissionMatrix matrix : OpticsLab.BYTES) {
      int[] fields = lab.fields(matrix, few.length, outputs, SEED, few);
      for (int inputs : new int[] {62, 64, 100, 4160}) {
        // Mirrors that are off add nothing.
        assertThat(lab.fields(matrix, inputs, outputs, SEED, Arrays.copyOf(few, inputs)))
            .containsExactly(fields);
      }
    }
  }

  @Test
  void anotherSeedIsAnotherMedium() {
    byte[] ones = Patterns.ones(64);
    int[] one = lab.fields(TransmissionMatrix.PROCEDURAL, 64, 100, SEED, ones);
    int[] other = lab.fields(TransmissionMatrix.PROCEDURAL, 64, 100, SEED + 1, ones);
    int equal = 0;
    for (int i = 0; i < one.length; i++) {
      equal += one[i] == other[i] ? 1 : 0;
    }
    // 200 sums of standard deviation 352: two are equal with probability 8e-4 each.
    assertThat(equal).isLessThan(5);
  }
}

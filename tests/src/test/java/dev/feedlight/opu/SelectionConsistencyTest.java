package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stored and procedural media are the same bits where pixels are selected, flawed and drifting. */
final class SelectionConsistencyTest {
  private final OpticsLab lab = new OpticsLab(2);

  @AfterEach
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @CsvSource({"9, 1", "65, 63", "1016, 65", "4095, 130", "4097, 64", "5000, 200"})
  void storedEqualsProcedural(int inputs, int outputs) {
    Sensor flawed = Sensor.defaults().withDarkOffset(3).withDefects(0.05, 0.05);
    OpuSettings settings =
        OpuSettings.defaults()
            .withSensor(flawed)
            .withReadout(LinearReadout.defaults().withSelection(new PixelSelection(3, 0.05)));
    for (Drift drift : new Drift[] {Drift.NONE, new Drift(5, 3)}) {
      EmulatedOpu procedural = lab.unit(settings.withDrift(drift), inputs, outputs, 77);
      EmulatedOpu stored =
          lab.unit(
              settings.withDrift(drift).withMatrix(TransmissionMatrix.STORED), inputs, outputs, 77);
      assertThat(stored.pixels()).containsExactly(procedural.pixels());
      assertThat(stored.anchor()).containsExactly(procedural.anchor());
      assertThat(stored.calibration()).isEqualTo(procedural.calibration());
      byte[] ternary = Patterns.ternary(4, inputs, 0.3, 1);
      byte[] binary = Patterns.binary(4, inputs, 0.3, 1);
      assertThat(stored.project(ternary)).containsExactly(procedural.project(ternary));
      assertThat(stored.intensity(binary)).containsExactly(procedural.intensity(binary));
      assertThat(stored.project(ternary)).containsExactly(procedural.project(ternary));
    }
  }
}

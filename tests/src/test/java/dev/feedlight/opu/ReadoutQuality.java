package dev.feedlight.opu;

import dev.feedlight.device.Scope;
import java.util.HashMap;
import java.util.Map;

/**
 * How well a unit reads out: correlation with the exact projection, over all outputs of a vector.
 */
final class ReadoutQuality {
  /** The language run's output: 1016 tokens onto one row of 2040 pixels (paper). */
  static final int INPUTS = 1016;

  static final int OUTPUTS = 2040;
  static final int VECTORS = 32;
  private static final long SEED = 2024;

  private final OpticsLab lab;
  private final Map<Medium, float[]> exact = new HashMap<>();

  ReadoutQuality(OpticsLab lab) {
    this.lab = lab;
  }

  /** The default camera with other bits and, perhaps, no noise. */
  static Camera camera(int bits, boolean noisy) {
    Camera camera = Camera.defaults().withBits(bits);
    return noisy ? camera : camera.withNoise(0, 0);
  }

  /** The default camera with the anchor's mean at this 8-bit count. */
  static Camera exposed(double counts) {
    Camera camera = Camera.defaults();
    return new Camera(
        camera.bits(), true, true, counts / 256, camera.readNoise(), camera.shotNoise());
  }

  /** Correlations of the default read-out, one per vector. */
  Sample correlations(Camera camera, double density) {
    return correlations(camera, LinearReadout.defaults().anchorFloor(), density);
  }

  /** Correlations of all pixels, the bias removed. */
  Sample correlations(Camera camera, double floor, double density) {
    return correlations(unit(camera, new LinearReadout(floor, true)), density);
  }

  /** Correlations of the pixels that are brighter than a fraction of full scale. */
  Sample correlations(Camera camera, PixelSelection selection, double density) {
    return correlations(unit(camera, LinearReadout.defaults().withSelection(selection)), density);
  }

  private static OpuSettings unit(Camera camera, LinearReadout readout) {
    return OpuSettings.defaults().withCamera(camera).withReadout(readout);
  }

  /** Correlations of {@link #VECTORS} random vectors, one each. */
  Sample correlations(OpuSettings settings, double density) {
    return correlations(settings, density, SEED);
  }

  Sample correlations(OpuSettings settings, double density, long seed) {
    byte[] ternary = Patterns.ternary(VECTORS, INPUTS, density, 1);
    try (Scope scope = lab.device().openScope("read-out quality")) {
      EmulatedOpu unit = new EmulatedOpu(lab.device(), scope, settings, INPUTS, OUTPUTS, seed);
      int region = Math.toIntExact(unit.calibration().region());
      Medium medium = new Medium(settings.dmd(), settings.matrix(), region, density, seed);
      float[] expected = exact.computeIfAbsent(medium, key -> project(key, ternary));
      float[] found = unit.project(ternary);
      int[] pixels = unit.pixels();
      double[] values = new double[VECTORS];
      for (int i = 0; i < VECTORS; i++) {
        values[i] =
            Sample.of(found, i * OUTPUTS, (i + 1) * OUTPUTS)
                .correlation(Sample.of(Sample.gather(expected, i * region, pixels)));
      }
      return new Sample(values);
    }
  }

  /** What an exact projection depends on. */
  private record Medium(
      Dmd dmd, TransmissionMatrix matrix, int region, double density, long seed) {}

  private float[] project(Medium medium, byte[] ternary) {
    OpuSettings settings =
        OpuSettings.ideal()
            .withDmd(medium.dmd)
            .withMatrix(medium.matrix)
            .withReadout(new LinearReadout(0, true));
    return lab.project(settings, INPUTS, medium.region, medium.seed, ternary);
  }
}

package dev.feedlight.opu;

import java.util.HashMap;
import java.util.Map;

/**
 * How well a unit reads out: correlation with the exact projection, over all pixels of a vector.
 */
final class ReadoutQuality {
  /** The language run's output: 1016 tokens onto one row of 2040 pixels (paper). */
  static final int INPUTS = 1016;

  static final int OUTPUTS = 2040;
  static final int VECTORS = 32;
  private static final long SEED = 2024;

  private final OpticsLab lab;
  private final Map<Double, float[]> exact = new HashMap<>();

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

  /** Correlations of {@link #VECTORS} random vectors, one each, the bias removed. */
  Sample correlations(Camera camera, double floor, double density) {
    byte[] ternary = Patterns.ternary(VECTORS, INPUTS, density, 1);
    float[] expected = exact.computeIfAbsent(density, _ -> project(Camera.ideal(), 0, ternary));
    float[] found = project(camera, floor, ternary);
    double[] values = new double[VECTORS];
    for (int i = 0; i < VECTORS; i++) {
      int from = i * OUTPUTS;
      values[i] =
          Sample.of(found, from, from + OUTPUTS)
              .correlation(Sample.of(expected, from, from + OUTPUTS));
    }
    return new Sample(values);
  }

  private float[] project(Camera camera, double floor, byte[] ternary) {
    OpuSettings settings =
        OpuSettings.defaults().withCamera(camera).withReadout(new LinearReadout(floor, true));
    return lab.project(settings, INPUTS, OUTPUTS, SEED, ternary);
  }
}

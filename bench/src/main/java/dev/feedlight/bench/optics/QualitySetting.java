package dev.feedlight.bench.optics;

import dev.feedlight.opu.Camera;

/**
 * A unit and the vectors that it projects, as far as the quality of its read-out depends on them;
 * all else is the default unit's.
 *
 * @param bits of the camera
 * @param meanAnchor exposure, as a fraction of full scale
 * @param noise factor on the standard deviation of the default camera's read and shot noise
 * @param density share of the vectors' entries that are not 0
 */
record QualitySetting(int bits, double meanAnchor, double noise, double density) {
  /** The default unit; its density, 0.3, is between those of sparse and of dense errors (ours). */
  static final QualitySetting DEFAULT =
      new QualitySetting(Camera.DEFAULT_BITS, Camera.DEFAULT_MEAN_ANCHOR_LEVEL, 1, 0.3);

  /** The same with one knob turned. */
  QualitySetting with(QualityKnob knob, double value) {
    return switch (knob) {
      case BITS -> new QualitySetting((int) value, meanAnchor, noise, density);
      case MEAN_ANCHOR -> new QualitySetting(bits, value, noise, density);
      case NOISE -> new QualitySetting(bits, meanAnchor, value, density);
      case DENSITY -> new QualitySetting(bits, meanAnchor, noise, value);
    };
  }

  /** The value of a knob. */
  double value(QualityKnob knob) {
    return switch (knob) {
      case BITS -> bits;
      case MEAN_ANCHOR -> meanAnchor;
      case NOISE -> noise;
      case DENSITY -> density;
    };
  }

  /** The camera; shot noise is a variance, so it goes with the square of the factor. */
  Camera camera() {
    return Camera.defaults()
        .withBits(bits)
        .withMeanAnchorLevel(meanAnchor)
        .withNoise(noise * Camera.DEFAULT_READ_NOISE, noise * noise * Camera.DEFAULT_SHOT_NOISE);
  }

  /** All knobs as {@code name=value}, as in the key {@code setting} of result lines. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (QualityKnob knob : QualityKnob.values()) {
      text.append(text.isEmpty() ? "" : " ").append(knob.key()).append('=');
      text.append(QualityKnob.text(value(knob)));
    }
    return text.toString();
  }
}

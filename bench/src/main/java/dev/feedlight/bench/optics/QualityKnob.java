package dev.feedlight.bench.optics;

import java.math.BigDecimal;

/** What is turned while the quality of the read-out is watched. */
enum QualityKnob {
  BITS("bits", "bits", "Camera Resolution (bits)"),
  MEAN_ANCHOR("mean_anchor", "mean anchor", "Mean Anchor Level (fraction of full scale)"),
  NOISE("noise", "noise factor", "Camera Noise (factor, 1: a real unit)"),
  DENSITY("density", "density", "Vector Density (share of entries not 0)");

  private final String key;
  private final String noun;
  private final String title;

  QualityKnob(String key, String noun, String title) {
    this.key = key;
    this.noun = noun;
    this.title = title;
  }

  /** The name within the key {@code setting} of result lines. */
  String key() {
    return key;
  }

  /** What it is called within a sentence. */
  String noun() {
    return noun;
  }

  /** Title of an axis, with the unit in brackets. */
  String title() {
    return title;
  }

  /** The shortest text of a value. */
  static String text(double value) {
    BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
    return exact.toPlainString();
  }
}

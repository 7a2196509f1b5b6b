package dev.feedlight.bench.optics;

import java.util.List;

/**
 * Two knobs that are turned against each other; the others stand as in the default.
 *
 * @param name of its pictures, behind {@code quality-}
 * @param title of its pictures
 * @param x knob of the horizontal axis
 * @param y knob of the vertical axis
 */
record QualitySurface(String name, String title, QualityKnob x, QualityKnob y) {
  /** All of them. */
  static final List<QualitySurface> ALL =
      List.of(
          new QualitySurface(
              "exposure-density",
              "Exposure and Density",
              QualityKnob.MEAN_ANCHOR,
              QualityKnob.DENSITY),
          new QualitySurface(
              "bits-density", "Resolution and Density", QualityKnob.BITS, QualityKnob.DENSITY),
          new QualitySurface(
              "noise-exposure", "Exposure and Noise", QualityKnob.MEAN_ANCHOR, QualityKnob.NOISE),
          new QualitySurface(
              "bits-exposure",
              "Exposure and Resolution",
              QualityKnob.MEAN_ANCHOR,
              QualityKnob.BITS));

  /** The default with the two knobs at these values. */
  QualitySetting at(double xValue, double yValue) {
    return QualitySetting.DEFAULT.with(x, xValue).with(y, yValue);
  }
}

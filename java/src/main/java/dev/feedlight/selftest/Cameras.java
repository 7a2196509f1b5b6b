package dev.feedlight.selftest;

import dev.feedlight.device.CameraResponse;
import java.util.List;

/** Cameras with each imperfection alone and together. */
enum Cameras {
  /** Every imperfection off. */
  IDEAL(0, 0, false, false),
  /** Rounding to integers only. */
  QUANTISED(0, 0, true, false),
  /** Saturation only. */
  CLIPPED(0, 0, false, true),
  /** Read noise only: counts may be negative. */
  DARK_NOISE(3, 0, false, false),
  /** Shot noise only. */
  SHOT_NOISE(0, 0.0051f, false, false),
  /** A dark offset only. */
  OFFSET(0, 0, false, false) {
    @Override
    float darkOffset() {
      return 2.75f;
    }
  },
  /** Eight bits with both noises: many pixels round to 0 or saturate. */
  COMPLETE(1.2f, 0.0051f, true, true) {
    @Override
    float darkOffset() {
      return 1.5f;
    }
  };

  /** None of the imperfections, and all. */
  static final List<Cameras> EXTREMES = List.of(IDEAL, COMPLETE);

  private static final float FULL_SCALE = 255;

  private final float readNoise;
  private final float shotNoise;
  private final boolean quantised;
  private final boolean saturating;

  Cameras(float readNoise, float shotNoise, boolean quantised, boolean saturating) {
    this.readNoise = readNoise;
    this.shotNoise = shotNoise;
    this.quantised = quantised;
    this.saturating = saturating;
  }

  /** Counts without light. */
  float darkOffset() {
    return 0;
  }

  /** The response that shows an intensity as so many counts. */
  CameraResponse response(double intensity, double counts) {
    return new CameraResponse(
        (float) (counts / intensity),
        readNoise,
        shotNoise,
        darkOffset(),
        quantised,
        saturating ? FULL_SCALE : Float.POSITIVE_INFINITY);
  }
}

package dev.feedlight.opu;

/** How long the camera looks at the frames of an intensity. */
public enum Exposure {
  /**
   * Each frame by itself, by its number of mirrors: every frame has the same mean, which uses the
   * camera's range best; see {@link EmulatedOpu#autoExposed}.
   */
  EACH_FRAME {
    @Override
    float[] expose(EmulatedOpu unit, byte[] frames) {
      return unit.autoExposed(frames);
    }
  },
  /**
   * All frames as calibration exposed the anchor: twice the mirrors are twice the counts; see
   * {@link EmulatedOpu#intensity}.
   */
  CALIBRATED {
    @Override
    float[] expose(EmulatedOpu unit, byte[] frames) {
      return unit.intensity(frames);
    }
  };

  abstract float[] expose(EmulatedOpu unit, byte[] frames);
}

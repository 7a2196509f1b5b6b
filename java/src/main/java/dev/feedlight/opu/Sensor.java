package dev.feedlight.opu;

import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.ShapeException;

/**
 * The camera's chip and its flaws; all of them are off by default.
 *
 * @param pixels number of pixels, at least 1
 * @param darkOffset what a pixel shows without light, in 8-bit steps; 0 is off. The read-out takes
 *     it out of the anchor, as a calibrated camera does, but it costs range
 * @param hotPixels fraction of pixels that are at full scale whatever they see; 0 is off. A camera
 *     that does not saturate gives them full scale and noise, and selection does not know them
 * @param deadPixels fraction of pixels that see nothing and show the dark offset; 0 is off
 */
public record Sensor(long pixels, double darkOffset, double hotPixels, double deadPixels) {
  /** 2040 x 1088 pixels (LightOn's driver). */
  public static final long DEFAULT_PIXELS = 2040L * 1088;

  /** Checks the ranges. */
  public Sensor {
    if (pixels < 1) {
      throw new IllegalArgumentException("a sensor needs at least one pixel, not " + pixels);
    }
    if (!(darkOffset >= 0 && darkOffset < 256)) {
      throw new IllegalArgumentException(
          "dark offset must lie in [0, 256) 8-bit steps, not " + darkOffset);
    }
    if (!(hotPixels >= 0 && deadPixels >= 0 && hotPixels + deadPixels <= 1)) {
      throw new IllegalArgumentException(
          "hot and dead pixels are fractions whose sum is at most 1, not "
              + hotPixels
              + " and "
              + deadPixels);
    }
  }

  /**
   * 2040 x 1088 pixels without flaws.
   *
   * @return the default
   */
  public static Sensor defaults() {
    return new Sensor(DEFAULT_PIXELS, 0, 0, 0);
  }

  /**
   * The same chip with another dark level.
   *
   * @param steps 8-bit steps
   * @return a copy
   */
  public Sensor withDarkOffset(double steps) {
    return new Sensor(pixels, steps, hotPixels, deadPixels);
  }

  /**
   * The same chip with other defects.
   *
   * @param hot fraction of hot pixels
   * @param dead fraction of dead pixels
   * @return a copy
   */
  public Sensor withDefects(double hot, double dead) {
    return new Sensor(pixels, darkOffset, hot, dead);
  }

  /**
   * The same flaws on a chip of another size.
   *
   * @param count number of pixels
   * @return a copy
   */
  public Sensor withPixels(long count) {
    return new Sensor(count, darkOffset, hotPixels, deadPixels);
  }

  boolean hasDefects() {
    return hotPixels > 0 || deadPixels > 0;
  }

  /**
   * Refuses a region that the chip does not have.
   *
   * @param region pixels that are read
   * @throws ShapeException if there are not so many
   */
  void require(long region) {
    if (region > pixels) {
      throw new ShapeException(
          "a region of "
              + region
              + " pixels does not fit a sensor of "
              + pixels
              + "; fewer outputs or less oversampling would, or a larger Sensor");
    }
  }

  /** What is wrong with a pixel. */
  enum Defect {
    NONE,
    HOT,
    DEAD
  }

  /**
   * Whether a pixel is defective: word 0 of the Philox block with counter (pixel, 0, 0, 0), as a
   * fraction of 2^32, is below the dead fraction, or below dead and hot together.
   *
   * @param pixel its number
   * @param key Philox key
   * @param words room for a block
   */
  Defect defect(int pixel, long key, int[] words) {
    Philox.block(key, pixel, 0, 0, 0, words);
    double u = Integer.toUnsignedLong(words[0]) * 0x1p-32;
    if (u < deadPixels) {
      return Defect.DEAD;
    }
    return u < deadPixels + hotPixels ? Defect.HOT : Defect.NONE;
  }
}

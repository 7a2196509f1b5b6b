package dev.feedlight.data;

import java.util.Locale;

/**
 * The affine map that gives the pixels of a training set mean 0 and variance 1: {@code (value / 255
 * - mean) / standardDeviation}.
 *
 * @param mean of value / 255 over all pixels of all training images
 * @param standardDeviation of the same, over the whole population
 */
public record Standardization(double mean, double standardDeviation) {
  private static final double FULL_SCALE = 255;

  /** Refuses a map that would give values that are not finite floats. */
  public Standardization {
    double largest = (1 + Math.abs(mean)) / standardDeviation;
    if (!(standardDeviation > 0)
        || !Double.isFinite(mean)
        || !Double.isFinite(standardDeviation)
        || !(largest <= Float.MAX_VALUE)) {
      throw new DataException(
          "a standardization needs a finite mean and a finite deviation above 0, whose images are"
              + " finite floats, not mean "
              + mean
              + " and deviation "
              + standardDeviation);
    }
  }

  /**
   * Measures a set of images.
   *
   * @param images the training images
   * @return their mean and standard deviation, from the exact histogram
   * @throws DataException if all pixels are equal
   */
  public static Standardization measure(IdxFile images) {
    long[] histogram = images.histogram();
    double pixels = (double) images.count() * images.itemBytes();
    double sum = 0;
    for (int value = 0; value < histogram.length; value++) {
      sum += (double) value * histogram[value];
    }
    double mean = sum / pixels;
    double squares = 0;
    for (int value = 0; value < histogram.length; value++) {
      squares += (value - mean) * (value - mean) * histogram[value];
    }
    if (squares == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: all %.0f pixels are %.0f, so that nothing can be learnt from them",
              images.name(),
              pixels,
              mean));
    }
    return new Standardization(mean / FULL_SCALE, Math.sqrt(squares / pixels) / FULL_SCALE);
  }

  /**
   * The map as a table.
   *
   * @return 256 floats, one for each byte value
   */
  float[] table() {
    float[] table = new float[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = (float) ((value / FULL_SCALE - mean) / standardDeviation);
    }
    return table;
  }
}

package dev.feedlight.learn;

/**
 * Cosines between the rows of two matrices, in double precision.
 *
 * @param mean over the rows
 * @param std standard deviation over the rows
 * @param normRatio norm of the first matrix over that of the second; NaN if that is below {@link
 *     #LEAST_NORM}
 */
record Cosines(double mean, double std, double normRatio) {
  /** Below it a direction is not worth the name: the field counts its cosine as 0. */
  static final double LEAST_NORM = 1e-8;

  /** Compares row by row; both have the same number of values, of which rows divide. */
  static Cosines ofRows(float[] a, float[] b, int rows) {
    int columns = a.length / rows;
    double[] cosines = new double[rows];
    double sum = 0;
    double squareA = 0;
    double squareB = 0;
    for (int row = 0; row < rows; row++) {
      double ab = 0;
      double aa = 0;
      double bb = 0;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        ab += (double) a[i] * b[i];
        aa += (double) a[i] * a[i];
        bb += (double) b[i] * b[i];
      }
      cosines[row] = cosine(ab, aa, bb);
      sum += cosines[row];
      squareA += aa;
      squareB += bb;
    }
    double mean = sum / rows;
    double variance = 0;
    for (double cosine : cosines) {
      variance += (cosine - mean) * (cosine - mean) / rows;
    }
    double norm = Math.sqrt(squareB);
    double ratio = norm < LEAST_NORM ? Double.NaN : Math.sqrt(squareA) / norm;
    return new Cosines(mean, Math.sqrt(variance), ratio);
  }

  /** From the inner products of two vectors with each other and themselves. */
  static double cosine(double ab, double aa, double bb) {
    double a = Math.sqrt(aa);
    double b = Math.sqrt(bb);
    return a < LEAST_NORM || b < LEAST_NORM ? 0 : ab / (a * b);
  }
}

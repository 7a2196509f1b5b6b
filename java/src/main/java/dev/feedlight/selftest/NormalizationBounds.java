package dev.feedlight.selftest;

import dev.feedlight.device.TransformerOperation;

/**
 * What single precision may lose in a layer normalisation.
 *
 * @param values of y
 * @param means of the rows
 * @param rstds of the rows
 */
@SuppressWarnings("ArrayRecordComponent")
record NormalizationBounds(double[] values, double[] means, double[] rstds) {
  private static final double UNIT = Rounding.UNIT;

  /** Residual, gain and bias may be null. */
  static NormalizationBounds forward(Matrix x, Matrix residual, Matrix gain, Matrix bias) {
    int n = x.columns();
    double[] values = new double[x.values().length];
    double[] means = new double[x.rows()];
    double[] rstds = new double[x.rows()];
    for (int row = 0; row < x.rows(); row++) {
      double sum = 0;
      double magnitude = 0;
      for (int c = 0; c < n; c++) {
        sum += x.at(row, c);
        magnitude += Math.abs(x.at(row, c));
      }
      double mean = sum / n;
      double squares = 0;
      for (int c = 0; c < n; c++) {
        squares += (x.at(row, c) - mean) * (x.at(row, c) - mean);
      }
      double variance = squares / n;
      double rstd = 1 / Math.sqrt(variance + TransformerOperation.EPSILON);
      means[row] = Rounding.sum(n, magnitude) / n + 2 * UNIT * Math.abs(mean);
      // A wrong mean adds its square; each difference rounds, its square, their sum.
      double varianceError =
          means[row] * means[row] + Rounding.sum(n, squares) / n + 4 * UNIT * variance;
      double relative = 0.5 * varianceError / (variance + TransformerOperation.EPSILON) + 4 * UNIT;
      rstds[row] = relative * rstd;
      for (int c = 0; c < n; c++) {
        double scaled = (gain == null ? 1 : Math.abs(gain.at(0, c))) * rstd;
        double added =
            (bias == null ? 0 : Math.abs(bias.at(0, c)))
                + (residual == null ? 0 : Math.abs(residual.at(row, c)));
        double difference = Math.abs(x.at(row, c) - mean);
        values[row * n + c] =
            scaled * (means[row] + difference * (relative + 4 * UNIT))
                + 3 * UNIT * (scaled * difference + added)
                + Rounding.SMALLEST;
      }
    }
    return new NormalizationBounds(values, means, rstds);
  }

  /** Bounds of dx, where mean and rstd are operands; gain and residual may be null. */
  static double[] backward(
      Matrix x, Matrix mean, Matrix rstd, Matrix gain, Matrix dy, Matrix residual) {
    int n = x.columns();
    double[] bounds = new double[x.values().length];
    for (int row = 0; row < x.rows(); row++) {
      double gradients = 0;
      double products = 0;
      double gradientMagnitude = 0;
      double productMagnitude = 0;
      for (int c = 0; c < n; c++) {
        double g = gradient(dy, gain, row, c);
        double product = g * normal(x, mean, rstd, row, c);
        gradients += g;
        products += product;
        gradientMagnitude += Math.abs(g);
        productMagnitude += Math.abs(product);
      }
      double gradientError = Rounding.sum(n, gradientMagnitude) / n;
      double productError = (Rounding.sum(n, productMagnitude) + 4 * UNIT * productMagnitude) / n;
      for (int c = 0; c < n; c++) {
        double g = Math.abs(gradient(dy, gain, row, c));
        double h = Math.abs(normal(x, mean, rstd, row, c));
        double across = h * Math.abs(products) / n;
        double terms = g + Math.abs(gradients) / n + across;
        double past = residual == null ? 0 : Math.abs(residual.at(row, c));
        bounds[row * n + c] =
            rstd.at(0, row) * (gradientError + h * productError + 6 * UNIT * terms)
                + 2 * UNIT * past
                + Rounding.SMALLEST;
      }
    }
    return bounds;
  }

  static WeightGradient gainGradient(Matrix x, Matrix mean, Matrix rstd, Matrix dy) {
    double[] value = new double[x.columns()];
    double[] error = new double[x.columns()];
    for (int c = 0; c < x.columns(); c++) {
      double magnitude = 0;
      for (int row = 0; row < x.rows(); row++) {
        double term = dy.at(row, c) * normal(x, mean, rstd, row, c);
        value[c] += term;
        magnitude += Math.abs(term);
      }
      error[c] = Rounding.sum(x.rows(), magnitude) + 4 * UNIT * magnitude;
    }
    return new WeightGradient(value, error);
  }

  private static double gradient(Matrix dy, Matrix gain, int row, int column) {
    return gain == null ? dy.at(row, column) : (double) dy.at(row, column) * gain.at(0, column);
  }

  private static double normal(Matrix x, Matrix mean, Matrix rstd, int row, int column) {
    return ((double) x.at(row, column) - mean.at(0, row)) * rstd.at(0, row);
  }
}

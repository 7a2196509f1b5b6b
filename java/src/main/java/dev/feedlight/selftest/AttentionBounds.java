package dev.feedlight.selftest;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;

/** Attention in double precision, and what single precision may lose in it. */
final class AttentionBounds {
  private static final double UNIT = Rounding.UNIT;

  /** Where exp leaves the normal floats it may be cut to 0. */
  private static final double CUT = 2 * Float.MIN_NORMAL;

  private final Matrix qkv;
  private final AttentionLayout layout;
  private final int width;
  private final int headWidth;
  private final double scale;
  private final double[] values;
  private final double[] valueBounds;
  private final double[] sums;
  private final double[] sumBounds;

  AttentionBounds(Matrix qkv, AttentionLayout layout) {
    this.qkv = qkv;
    this.layout = layout;
    this.width = qkv.columns() / 3;
    this.headWidth = (int) (width / layout.heads());
    this.scale = 1 / Math.sqrt(headWidth);
    this.values = new double[qkv.rows() * width];
    this.valueBounds = new double[values.length];
    this.sums = new double[(int) (qkv.rows() * layout.heads())];
    this.sumBounds = new double[sums.length];
    for (int query = 0; query < qkv.rows(); query++) {
      for (int head = 0; head < layout.heads(); head++) {
        row(query, head);
      }
    }
  }

  Matrix values() {
    return matrix(width, values);
  }

  Matrix logSumExp() {
    return matrix((int) layout.heads(), sums);
  }

  private Matrix matrix(int columns, double[] contents) {
    float[] rounded = new float[contents.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) contents[i];
    }
    return new Matrix(qkv.rows(), columns, rounded);
  }

  double[] valueBounds() {
    return valueBounds;
  }

  double[] logSumExpBounds() {
    return sumBounds;
  }

  private int firstKey(int query) {
    return (int) (query / layout.context() * layout.context());
  }

  private int keys(int query) {
    return layout.mask() == Mask.CAUSAL
        ? query - firstKey(query) + 1
        : Math.toIntExact(layout.context());
  }

  /** A scaled product and its error. */
  private record Score(double value, double error) {}

  private Score score(int query, int key, int head) {
    double sum = 0;
    double magnitude = 0;
    for (int c = 0; c < headWidth; c++) {
      double term =
          (double) qkv.at(query, head * headWidth + c) * qkv.at(key, width + head * headWidth + c);
      sum += term;
      magnitude += Math.abs(term);
    }
    double error = Rounding.sum(headWidth, magnitude) + 4 * UNIT * magnitude;
    return new Score(scale * sum, scale * error);
  }

  private double value(int key, int head, int c) {
    return qkv.at(key, 2 * width + head * headWidth + c);
  }

  private void row(int query, int head) {
    int first = firstKey(query);
    Score[] scores = new Score[keys(query)];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score(query, first + i, head);
      largest = Math.max(largest, scores[i].value);
    }
    double sum = 0;
    double worst = 0;
    for (Score score : scores) {
      sum += Math.exp(score.value - largest);
      // Twice exp: a running maximum may be replaced.
      double relative =
          score.error
              + 4 * UNIT * (Math.abs(score.value) + Math.abs(largest))
              + 2 * Rounding.APPROXIMATION;
      worst = Math.max(worst, relative);
    }
    int place = (int) (query * layout.heads()) + head;
    sums[place] = largest + Math.log(sum);
    double relative = worst + Rounding.sum(scores.length, 1);
    sumBounds[place] =
        relative
            + Rounding.APPROXIMATION * Math.log(sum)
            + 4 * UNIT * (Math.abs(sums[place]) + Math.abs(largest));
    for (int c = 0; c < headWidth; c++) {
      double magnitude = 0;
      double all = 0;
      for (int i = 0; i < scores.length; i++) {
        double term = Math.exp(scores[i].value - largest) / sum * value(first + i, head, c);
        all += Math.abs(value(first + i, head, c));
        values[query * width + head * headWidth + c] += term;
        magnitude += Math.abs(term);
      }
      valueBounds[query * width + head * headWidth + c] =
          2 * relative * magnitude + Rounding.sum(scores.length, magnitude) + CUT * all;
    }
  }

  /** Bounds of dqkv, where y and the log-sum-exp are operands. */
  double[] gradientBounds(Matrix y, Matrix logSumExp, Matrix dy) {
    Gradient gradient = new Gradient();
    for (int query = 0; query < qkv.rows(); query++) {
      for (int head = 0; head < layout.heads(); head++) {
        for (int key = firstKey(query); key < firstKey(query) + keys(query); key++) {
          pair(gradient, y, logSumExp, dy, query, key, head);
        }
      }
    }
    double[] bounds = new double[qkv.values().length];
    int terms = Math.toIntExact(layout.context());
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = gradient.error[i] + Rounding.sum(terms, gradient.magnitude[i]);
    }
    return bounds;
  }

  /** Sums over pairs: of the terms' errors and of their sizes. */
  private final class Gradient {
    private final double[] error = new double[qkv.values().length];
    private final double[] magnitude = new double[error.length];

    void add(int row, int column, double term, double termError) {
      magnitude[row * 3 * width + column] += Math.abs(term);
      error[row * 3 * width + column] += termError;
    }
  }

  private void pair(
      Gradient gradient, Matrix y, Matrix logSumExp, Matrix dy, int query, int key, int head) {
    Score score = score(query, key, head);
    double kept = logSumExp.at(query, head);
    double p = Math.exp(score.value - kept);
    double relative =
        score.error + 2 * UNIT * (Math.abs(score.value) + Math.abs(kept)) + Rounding.APPROXIMATION;
    double error = relative * p + CUT;
    double dp = 0;
    double mean = 0;
    double magnitude = 0;
    for (int c = 0; c < headWidth; c++) {
      int column = head * headWidth + c;
      double across = (double) dy.at(query, column) * value(key, head, c);
      double own = (double) dy.at(query, column) * y.at(query, column);
      dp += across;
      mean += own;
      magnitude += Math.abs(across) + Math.abs(own);
    }
    double ds = scale * p * (dp - mean);
    double dsError =
        scale
            * (error * Math.abs(dp - mean)
                + p
                    * (Rounding.sum(headWidth, magnitude)
                        + 4 * UNIT * (Math.abs(dp) + Math.abs(mean))));
    for (int c = 0; c < headWidth; c++) {
      int column = head * headWidth + c;
      double q = qkv.at(query, column);
      double k = qkv.at(key, width + column);
      gradient.add(query, column, ds * k, dsError * Math.abs(k));
      gradient.add(key, width + column, ds * q, dsError * Math.abs(q));
      double signal = dy.at(query, column);
      gradient.add(key, 2 * width + column, p * signal, error * Math.abs(signal));
    }
  }
}

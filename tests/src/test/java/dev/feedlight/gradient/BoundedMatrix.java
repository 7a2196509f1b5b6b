package dev.feedlight.gradient;

import dev.feedlight.device.Activation;
import java.util.Arrays;

/**
 * A matrix in double precision that carries, for every entry, a bound on how far an fp32
 * computation of it may be off: running error analysis (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2002, section 3.3). The bounds hold for every order of summation, with and without
 * fused multiply-add; they are where the tests' tolerances come from.
 */
public final class BoundedMatrix {
  /** Unit roundoff of fp32. */
  public static final double UNIT = 0x1p-24;

  /**
   * Error of the backends' tanh, sigmoid, GELU and exp: absolute below 1, relative above. They
   * document 2e-7 to 1e-6 (GELU').
   */
  private static final double FUNCTION = 1e-6;

  private final int rows;
  private final int columns;
  private final double[] values;
  private final double[] bounds;

  private BoundedMatrix(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    this.values = new double[rows * columns];
    this.bounds = new double[rows * columns];
  }

  /** A value that fp32 holds exactly. */
  public static BoundedMatrix exact(int rows, int columns, float[] values) {
    BoundedMatrix matrix = new BoundedMatrix(rows, columns);
    for (int i = 0; i < values.length; i++) {
      matrix.values[i] = values[i];
    }
    return matrix;
  }

  /** How a pair of entries becomes one, with its bound; bounds are read from the operands. */
  @FunctionalInterface
  public interface Cell {
    void set(int index, double[] value, double[] bound);
  }

  /** A matrix whose entries are computed one by one. */
  public static BoundedMatrix computed(int rows, int columns, Cell cell) {
    BoundedMatrix matrix = new BoundedMatrix(rows, columns);
    for (int i = 0; i < rows * columns; i++) {
      cell.set(i, matrix.values, matrix.bounds);
    }
    return matrix;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** Exact value of an entry. */
  public double value(int index) {
    return values[index];
  }

  /** How far fp32 may be off there. */
  public double bound(int index) {
    return bounds[index];
  }

  /** All values. */
  public double[] values() {
    return values.clone();
  }

  /** Largest magnitude. */
  public double largest() {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** The same values, taken to be exact. */
  public BoundedMatrix withoutBounds() {
    return computed(rows, columns, (i, value, _) -> value[i] = values[i]);
  }

  /** The transposed matrix. */
  public BoundedMatrix transposed() {
    return computed(
        columns,
        rows,
        (i, value, bound) -> {
          int source = i % rows * columns + i / rows;
          value[i] = values[source];
          bound[i] = bounds[source];
        });
  }

  /** The first columns. */
  public BoundedMatrix firstColumns(int count) {
    return computed(
        rows,
        count,
        (i, value, bound) -> {
          int source = i / count * columns + i % count;
          value[i] = values[source];
          bound[i] = bounds[source];
        });
  }

  /** The product {@code this other + row}; the row may be null. */
  public BoundedMatrix times(BoundedMatrix other, BoundedMatrix row) {
    int k = columns + 1;
    double gamma = k * UNIT / (1 - k * UNIT);
    return computed(
        rows,
        other.columns,
        (i, value, bound) -> {
          int r = i / other.columns;
          int c = i % other.columns;
          double sum = row == null ? 0 : row.values[c];
          double magnitude = row == null ? 0 : Math.abs(row.values[c]) + row.bounds[c];
          double inherited = row == null ? 0 : row.bounds[c];
          for (int j = 0; j < columns; j++) {
            double a = values[r * columns + j];
            double b = other.values[j * other.columns + c];
            double ea = bounds[r * columns + j];
            double eb = other.bounds[j * other.columns + c];
            sum += a * b;
            inherited += Math.abs(a) * eb + ea * Math.abs(b) + ea * eb;
            magnitude += (Math.abs(a) + ea) * (Math.abs(b) + eb);
          }
          value[i] = sum;
          bound[i] = inherited + gamma * magnitude + k * Float.MIN_NORMAL;
        });
  }

  /** Sums over the rows. */
  public BoundedMatrix columnSums() {
    float[] ones = new float[rows];
    Arrays.fill(ones, 1);
    return exact(1, rows, ones).times(this, null);
  }

  /** The mean over the rows taken out of every column. */
  public BoundedMatrix withoutColumnMeans() {
    BoundedMatrix sums = columnSums();
    return computed(
        rows,
        columns,
        (i, value, bound) -> {
          double mean = sums.values[i % columns] / rows;
          value[i] = values[i] - mean;
          bound[i] =
              bounds[i]
                  + sums.bounds[i % columns] / rows
                  + 2 * UNIT * (Math.abs(values[i]) + Math.abs(mean));
        });
  }

  /** {@code f(this)}; |f'| is at most 1, for GELU 1.13. */
  BoundedMatrix activated(Activation activation) {
    return computed(
        rows,
        columns,
        (i, value, bound) -> {
          double y = ExactFunctions.value(activation, values[i]);
          value[i] = y;
          bound[i] =
              switch (activation) {
                case IDENTITY, RELU -> bounds[i];
                case TANH, SIGMOID, GELU -> 1.13 * bounds[i] + FUNCTION * Math.max(1, Math.abs(y));
              };
        });
  }

  /** {@code this * f'(z)}, where the backend has f(z) or, for GELU, z. */
  BoundedMatrix masked(Activation activation, BoundedMatrix z, BoundedMatrix y) {
    return computed(
        rows,
        columns,
        (i, value, bound) -> {
          double slope = ExactFunctions.derivative(activation, z.values[i]);
          double off =
              switch (activation) {
                case IDENTITY -> 0;
                // A wrong side of the kink would be an error of 1.
                case RELU -> Math.abs(z.values[i]) > z.bounds[i] ? 0 : 1;
                case TANH -> 2 * Math.abs(y.values[i]) * y.bounds[i] + 3 * UNIT;
                case SIGMOID -> y.bounds[i] + 3 * UNIT;
                // |GELU''| is at most 0.8.
                case GELU -> 0.8 * z.bounds[i] + FUNCTION;
              };
          value[i] = values[i] * slope;
          bound[i] =
              bounds[i] * (Math.abs(slope) + off)
                  + (off + UNIT * Math.abs(slope)) * Math.abs(values[i]);
        });
  }

  /** Gradient of the mean cross-entropy at these logits: (softmax - one-hot) / batch. */
  public BoundedMatrix crossEntropyError(int[] labels) {
    return computed(
        rows,
        columns,
        (i, value, bound) -> {
          int row = i / columns;
          double partition = 0;
          double worst = 0;
          for (int c = 0; c < columns; c++) {
            partition += Math.exp(values[row * columns + c] - values[i]);
            worst = Math.max(worst, bounds[row * columns + c]);
          }
          double p = 1 / partition;
          double oneHot = i % columns == labels[row] ? 1 : 0;
          value[i] = (p - oneHot) / rows;
          // Logits off by e change p by at most a factor exp(2e); exp itself, columns sums.
          double off = p * (Math.expm1(2 * worst) + 2 * FUNCTION + columns * UNIT);
          bound[i] = (off + 3 * UNIT * Math.abs(p - oneHot)) / rows;
        });
  }

  /** Gradient of the mean squared error at these predictions: 2 (p - t) / elements. */
  public BoundedMatrix squaredErrorGradient(float[] targets) {
    double scale = 2.0 / values.length;
    return computed(
        rows,
        columns,
        (i, value, bound) -> {
          value[i] = scale * (values[i] - targets[i]);
          bound[i] = scale * bounds[i] * (1 + 3 * UNIT) + 3 * UNIT * Math.abs(value[i]);
        });
  }
}

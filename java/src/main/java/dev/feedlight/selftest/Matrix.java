package dev.feedlight.selftest;

import dev.feedlight.device.Precision;
import dev.feedlight.tensor.Shape;
import java.util.function.DoubleUnaryOperator;

/**
 * A matrix of floats on the host.
 *
 * @param rows number of rows
 * @param columns number of columns
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent")
record Matrix(int rows, int columns, float[] values) {
  static Matrix of(int rows, int columns, float... values) {
    return new Matrix(rows, columns, values);
  }

  Shape shape() {
    return new Shape(rows, columns);
  }

  float at(int row, int column) {
    return values[row * columns + column];
  }

  /** Replaces one value, in place. */
  Matrix with(int row, int column, float value) {
    values[row * columns + column] = value;
    return this;
  }

  /** The values as operands of a product. */
  Matrix operands(Precision precision) {
    return map(precision::operand);
  }

  Matrix map(DoubleUnaryOperator function) {
    float[] mapped = new float[values.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = (float) function.applyAsDouble(values[i]);
    }
    return new Matrix(rows, columns, mapped);
  }
}

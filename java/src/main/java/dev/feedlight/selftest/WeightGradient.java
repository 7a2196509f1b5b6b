package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Precision;
import dev.feedlight.device.reference.ReferenceActivations;

/** A weight gradient in double precision, and how far single precision may be off. */
@SuppressWarnings("ArrayRecordComponent")
record WeightGradient(double[] value, double[] error) {
  /** {@code (dy f')^T x} of rounded operands. */
  static WeightGradient of(
      Precision precision, Matrix x, Matrix dy, Matrix saved, Activation activation) {
    Matrix in = x.operands(precision);
    double[] dz = new double[dy.values().length];
    double[] dzError = new double[dz.length];
    for (int i = 0; i < dz.length; i++) {
      double s = saved == null ? 0 : saved.values()[i];
      dz[i] = precision.operand(ReferenceActivations.gradient(activation, dy.values()[i], s));
      dzError[i] = Rounding.maskedOperand(precision, activation, dy.values()[i], s);
    }
    double[] value = new double[dy.columns() * x.columns()];
    double[] error = new double[value.length];
    for (int i = 0; i < value.length; i++) {
      int output = i / x.columns();
      int input = i % x.columns();
      double magnitude = 0;
      for (int sample = 0; sample < x.rows(); sample++) {
        int element = sample * dy.columns() + output;
        double term = dz[element] * in.at(sample, input);
        value[i] += term;
        magnitude += Math.abs(term);
        error[i] += dzError[element] * Math.abs(in.at(sample, input));
      }
      error[i] += Rounding.product(precision, x.rows(), magnitude);
    }
    return new WeightGradient(value, error);
  }

  /** The column sums of {@code dy f'}, which is not rounded. */
  static WeightGradient ofBias(Matrix dy, Matrix saved, Activation activation) {
    Matrix ones = new Matrix(dy.rows(), 1, new float[dy.rows()]).map(_ -> 1);
    return of(Precision.FP32, ones, dy, saved, activation);
  }
}

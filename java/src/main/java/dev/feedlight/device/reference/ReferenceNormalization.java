package dev.feedlight.device.reference;

import dev.feedlight.device.TransformerOperation;

/** Layer normalisation, row by row. */
final class ReferenceNormalization {
  private ReferenceNormalization() {}

  static void forward(TransformerOperation.LayerNormForward op) {
    Cells y = new Cells(op.y());
    Cells x = new Cells(op.x());
    Cells means = new Cells(op.mean());
    Cells rstds = new Cells(op.rstd());
    Cells residual = op.residual() == null ? null : new Cells(op.residual());
    Cells gain = op.gain() == null ? null : new Cells(op.gain().value());
    Cells bias = op.bias() == null ? null : new Cells(op.bias().value());
    for (long row = 0; row < x.rows(); row++) {
      double sum = 0;
      for (long column = 0; column < x.columns(); column++) {
        sum += x.real(row, column);
      }
      double mean = sum / x.columns();
      double squares = 0;
      for (long column = 0; column < x.columns(); column++) {
        squares += (x.real(row, column) - mean) * (x.real(row, column) - mean);
      }
      double rstd = 1 / Math.sqrt(squares / x.columns() + TransformerOperation.EPSILON);
      means.put(0, row, (float) mean);
      rstds.put(0, row, (float) rstd);
      for (long column = 0; column < x.columns(); column++) {
        double normal = (x.real(row, column) - mean) * rstd;
        double value = gain == null ? normal : normal * gain.real(0, column) + bias.real(0, column);
        double past = residual == null ? 0 : residual.real(row, column);
        y.put(row, column, (float) (past + value));
      }
    }
  }

  static void backward(TransformerOperation.LayerNormBackward op) {
    Cells dx = new Cells(op.dx());
    Cells dy = new Cells(op.dy());
    Cells residual = op.residual() == null ? null : new Cells(op.residual());
    Cells x = new Cells(op.x());
    Cells mean = new Cells(op.mean());
    Cells rstd = new Cells(op.rstd());
    Cells gain = op.gain() == null ? null : new Cells(op.gain().value());
    for (long row = 0; row < x.rows(); row++) {
      double gradients = 0;
      double products = 0;
      for (long column = 0; column < x.columns(); column++) {
        double g = gradient(dy, gain, row, column);
        gradients += g;
        products += g * normal(x, mean, rstd, row, column);
      }
      for (long column = 0; column < x.columns(); column++) {
        double g = gradient(dy, gain, row, column);
        double across = normal(x, mean, rstd, row, column) * products / x.columns();
        double value = rstd.real(0, row) * (g - gradients / x.columns() - across);
        double past = residual == null ? 0 : residual.real(row, column);
        dx.put(row, column, (float) (past + value));
      }
    }
  }

  static void update(TransformerOperation.LayerNormUpdate op) {
    ControlWords words = new ControlWords(op.control());
    if (words.failed()) {
      return;
    }
    ReferenceTarget toGain = ReferenceTarget.of(op.target(), op.gain(), words);
    ReferenceTarget toBias = ReferenceTarget.of(op.target(), op.bias(), words);
    Cells x = new Cells(op.x());
    Cells mean = new Cells(op.mean());
    Cells rstd = new Cells(op.rstd());
    Cells dy = new Cells(op.dy());
    for (long column = 0; column < x.columns(); column++) {
      double gain = 0;
      double bias = 0;
      for (long row = 0; row < x.rows(); row++) {
        gain += dy.real(row, column) * normal(x, mean, rstd, row, column);
        bias += dy.real(row, column);
      }
      toGain.accept(0, column, gain);
      toBias.accept(0, column, bias);
    }
  }

  private static double gradient(Cells dy, Cells gain, long row, long column) {
    return gain == null ? dy.real(row, column) : dy.real(row, column) * gain.real(0, column);
  }

  private static double normal(Cells x, Cells mean, Cells rstd, long row, long column) {
    return ((double) x.real(row, column) - mean.real(0, row)) * rstd.real(0, row);
  }
}

package dev.feedlight.device.reference;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Precision;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/** The weight gradient and where it goes. */
final class ReferenceUpdate {
  private final Precision precision;

  ReferenceUpdate(Precision precision) {
    this.precision = precision;
  }

  void update(
      Parameter weight,
      Parameter bias,
      Tensor x,
      Tensor dy,
      Tensor saved,
      Activation activation,
      UpdateTarget target,
      StepControl control) {
    ControlWords words = new ControlWords(control);
    if (words.failed()) {
      return;
    }
    double[][] dz = masked(dy, saved, activation);
    ReferenceTarget toWeight = ReferenceTarget.of(target, weight, words);
    ReferenceTarget toBias = bias == null ? null : ReferenceTarget.of(target, bias, words);
    Cells in = new Cells(x);
    for (int output = 0; output < dz[0].length; output++) {
      for (long input = 0; input < in.columns(); input++) {
        double sum = 0;
        for (int sample = 0; sample < dz.length; sample++) {
          sum += precision.operand(dz[sample][output]) * precision.operand(in.real(sample, input));
        }
        toWeight.accept(output, input, sum);
      }
      if (toBias != null) {
        double sum = 0;
        for (double[] row : dz) {
          sum += row[output];
        }
        toBias.accept(0, output, sum);
      }
    }
  }

  private static double[][] masked(Tensor dy, Tensor saved, Activation activation) {
    Cells gradient = new Cells(dy);
    Cells s = saved == null ? null : new Cells(saved);
    double[][] dz =
        new double[Math.toIntExact(gradient.rows())][Math.toIntExact(gradient.columns())];
    for (int row = 0; row < dz.length; row++) {
      for (int column = 0; column < dz[row].length; column++) {
        double fOrZ = s == null ? 0 : s.real(row, column);
        dz[row][column] =
            ReferenceActivations.gradient(activation, gradient.real(row, column), fOrZ);
      }
    }
    return dz;
  }
}

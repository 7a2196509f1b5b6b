package dev.feedlight.device.reference;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Precision;
import dev.feedlight.tensor.Tensor;

/** Products with a weight matrix. */
final class ReferenceLinear {
  private final Precision precision;

  ReferenceLinear(Precision precision) {
    this.precision = precision;
  }

  void forward(
      Tensor y,
      Tensor preActivation,
      Tensor x,
      Parameter weight,
      Parameter bias,
      Activation activation) {
    Cells out = new Cells(y);
    Cells kept = preActivation == null ? null : new Cells(preActivation);
    Cells in = new Cells(x);
    Cells w = new Cells(weight.value());
    Cells b = bias == null ? null : new Cells(bias.value());
    for (long sample = 0; sample < out.rows(); sample++) {
      for (long output = 0; output < out.columns(); output++) {
        double z = 0;
        for (long input = 0; input < in.columns(); input++) {
          z += product(in.real(sample, input), w.real(output, input));
        }
        if (b != null) {
          z += b.real(0, output);
        }
        if (kept != null) {
          kept.put(sample, output, (float) z);
        }
        out.put(sample, output, (float) ReferenceActivations.value(activation, z));
      }
    }
  }

  void backwardInput(Tensor dx, Tensor dz, Parameter weight, Tensor saved, Activation activation) {
    Cells out = new Cells(dx);
    Cells in = new Cells(dz);
    Cells w = new Cells(weight.value());
    Cells s = saved == null ? null : new Cells(saved);
    for (long sample = 0; sample < out.rows(); sample++) {
      for (long input = 0; input < out.columns(); input++) {
        double sum = 0;
        for (long output = 0; output < in.columns(); output++) {
          sum += product(in.real(sample, output), w.real(output, input));
        }
        double fOrZ = s == null ? 0 : s.real(sample, input);
        out.put(sample, input, (float) ReferenceActivations.gradient(activation, sum, fOrZ));
      }
    }
  }

  private double product(float a, float b) {
    return precision.operand(a) * precision.operand(b);
  }

  static void activationGradient(Tensor dz, Tensor dy, Tensor saved, Activation activation) {
    Cells out = new Cells(dz);
    Cells in = new Cells(dy);
    Cells s = saved == null ? null : new Cells(saved);
    for (long row = 0; row < out.rows(); row++) {
      for (long column = 0; column < out.columns(); column++) {
        double fOrZ = s == null ? 0 : s.real(row, column);
        double gradient = ReferenceActivations.gradient(activation, in.real(row, column), fOrZ);
        out.put(row, column, (float) gradient);
      }
    }
  }
}

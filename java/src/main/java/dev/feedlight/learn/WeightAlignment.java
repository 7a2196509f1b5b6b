package dev.feedlight.learn;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/**
 * Cosines between weights and what feedback would have them be, see {@link BlockAlignment}. Because
 * all F_l are first rows of one F, every {@code F_l F_(l-1)^T} is a corner of {@code F F^T}, which
 * is computed once, on the device, and kept on the host.
 */
final class WeightAlignment {
  private final Network network;
  private final FeedbackMatrix feedback;
  private final float[] products;

  /** Without a feedback matrix, null, no weight alignment is defined. */
  WeightAlignment(Device device, Network network, FeedbackMatrix feedback) {
    this.network = network;
    this.feedback = feedback;
    this.products = feedback == null ? null : products(device, feedback);
  }

  private static float[] products(Device device, FeedbackMatrix feedback) {
    long rows = feedback.shape().rows();
    Shape square = new Shape(rows, rows);
    float[] values = new float[square.arrayLength()];
    try (Scope scope = device.openScope("feedback products")) {
      Parameter.Group frozen = new Parameter.Group(0, false);
      Parameter right = new Parameter(device, scope, "F", feedback.shape(), frozen);
      right.write(feedback.values());
      Tensor left = scope.allocate("F as input", feedback.shape(), DType.F32);
      device.write(left, feedback.values());
      Tensor product = scope.allocate("F F^T", square, DType.F32);
      device.eager().linearForward(product, null, left, right, null, Activation.IDENTITY);
      device.read(product, values);
    }
    return values;
  }

  /** Weight alignment of a block, NaN where it is not defined. */
  double of(int block) {
    Block here = network.blocks().get(block);
    if (feedback == null || block == 0 || !(here instanceof Dense)) {
      return Double.NaN;
    }
    boolean last = block == network.blocks().size() - 1;
    if (last && feedback.projected() != ProjectedError.OUTPUT) {
      return Double.NaN;
    }
    float[] weight = here.parameters().getFirst().read();
    int inputs = Math.toIntExact(here.inputs());
    int columns = Math.toIntExact(feedback.shape().columns());
    int rows = Math.toIntExact(feedback.shape().rows());
    double wr = 0;
    double ww = 0;
    double rr = 0;
    for (int i = 0; i < weight.length; i++) {
      int output = i / inputs;
      int input = i % inputs;
      double reference =
          last ? feedback.values()[input * columns + output] : products[output * rows + input];
      wr += weight[i] * reference;
      ww += (double) weight[i] * weight[i];
      rr += reference * reference;
    }
    return Cosines.cosine(wr, ww, rr);
  }
}

package dev.feedlight.bench.kernels;

import dev.feedlight.device.cuda.ProductTable.Direction;
import java.util.ArrayList;
import java.util.List;

/**
 * A product of a dense layer as layers run it. Forward: layers of one width follow each other, as
 * in a net, each with the check of its result; a layer of two widths is alone. Backward: the signal
 * for the layer before, then the layer's update by SGD.
 *
 * @param direction which product
 * @param batch samples
 * @param inputs of the layer
 * @param outputs of the layer
 */
record ProductCase(Direction direction, long batch, long inputs, long outputs) {
  /** Layers of a net that is measured (ours): enough that one launch for all of them shows. */
  private static final int LAYERS = 8;

  /** More are tokens of a Transformer, whose layers do not follow each other (ours). */
  private static final int MOST_OF_A_NET = 1024;

  /** How layers run forward, for people. */
  static final String NET_WORDS =
      "layers of one width " + LAYERS + " after each other up to batch " + MOST_OF_A_NET;

  /** Both directions. */
  static List<ProductCase> both(long batch, long inputs, long outputs) {
    return List.of(
        new ProductCase(Direction.FORWARD, batch, inputs, outputs),
        new ProductCase(Direction.BACKWARD, batch, inputs, outputs));
  }

  /** Both directions of all batches and widths. */
  static List<ProductCase> squares(List<Long> batches, List<Long> widths) {
    List<ProductCase> cases = new ArrayList<>();
    for (long width : widths) {
      for (long batch : batches) {
        cases.addAll(both(batch, width, width));
      }
    }
    return cases;
  }

  /** Layers of one call. */
  int layers() {
    boolean net = direction == Direction.FORWARD && inputs == outputs && batch <= MOST_OF_A_NET;
    return net ? LAYERS : 1;
  }

  /** What is measured in one call. */
  KernelCase kernel() {
    if (direction == Direction.BACKWARD) {
      return DenseCases.backAndUpdate(batch, inputs, outputs);
    }
    return layers() > 1
        ? DenseCases.net(layers(), batch, inputs)
        : DenseCases.layer(batch, inputs, outputs);
  }

  /** Bytes of what one call touches, about. */
  long bytes() {
    return Float.BYTES
        * (layers() * (inputs * outputs + batch * outputs) + batch * (inputs + outputs));
  }

  /** For people. */
  @Override
  public String toString() {
    return direction + ", batch " + batch + ", " + inputs + " to " + outputs;
  }
}

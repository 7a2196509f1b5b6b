package dev.feedlight.gradient;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Parameter;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * Dense blocks in double precision with bounds on fp32's errors, forward and backward.
 *
 * @param layers first to last
 */
public record BoundedNetwork(List<Layer> layers) {
  /** A block: weight outputs x inputs, bias 1 x outputs. */
  public record Layer(BoundedMatrix weight, BoundedMatrix bias, Activation activation) {}

  /** What a block did with a batch. */
  public record Pass(BoundedMatrix x, BoundedMatrix z, BoundedMatrix y) {}

  /** Gradients of a block; {@code input} is the gradient at its input. */
  public record Gradient(BoundedMatrix weight, BoundedMatrix bias, BoundedMatrix input) {}

  /** Reads the parameters of a network of {@link Dense} blocks. */
  public static BoundedNetwork of(Network network) {
    List<Layer> layers = new ArrayList<>();
    for (Block block : network.blocks()) {
      layers.add(
          new Layer(
              read(block.parameters().get(0)),
              read(block.parameters().get(1)),
              ((Dense) block).activation()));
    }
    return new BoundedNetwork(layers);
  }

  private static BoundedMatrix read(Parameter parameter) {
    return BoundedMatrix.exact(
        (int) parameter.shape().rows(), (int) parameter.shape().columns(), parameter.read());
  }

  /** Forward through all blocks. */
  public List<Pass> forward(BoundedMatrix input) {
    List<Pass> passes = new ArrayList<>();
    BoundedMatrix x = input;
    for (Layer layer : layers) {
      BoundedMatrix z = x.times(layer.weight.transposed(), layer.bias);
      BoundedMatrix y = z.activated(layer.activation);
      passes.add(new Pass(x, z, y));
      x = y;
    }
    return passes;
  }

  /** Gradients of one block from the signal at its output. */
  public Gradient backward(int block, Pass pass, BoundedMatrix dy) {
    Layer layer = layers.get(block);
    BoundedMatrix dz = dy.masked(layer.activation, pass.z, pass.y);
    return new Gradient(
        dz.transposed().times(pass.x, null), dz.columnSums(), dz.times(layer.weight, null));
  }

  /** Gradients of all blocks by backpropagation, first block first. */
  public List<Gradient> backpropagate(List<Pass> passes, BoundedMatrix error) {
    List<Gradient> gradients = new ArrayList<>();
    BoundedMatrix dy = error;
    for (int i = layers.size() - 1; i >= 0; i--) {
      Gradient gradient = backward(i, passes.get(i), dy);
      gradients.addFirst(gradient);
      dy = gradient.input;
    }
    return gradients;
  }

  /** Gradients of all blocks by direct feedback; projects the gradient at the output. */
  public List<Gradient> directFeedback(
      List<Pass> passes, BoundedMatrix error, BoundedMatrix feedback) {
    return withSignal(passes, error, error.times(feedback.transposed(), null));
  }

  /** The same, projecting the gradient at the input of a block, which is the last. */
  public List<Gradient> directFeedback(
      List<Pass> passes, BoundedMatrix error, BoundedMatrix feedback, int last) {
    BoundedMatrix projected = backward(last, passes.get(last), error).input();
    return withSignal(passes, error, projected.times(feedback.transposed(), null));
  }

  /** The last block gets the error, every other its first columns of the signal. */
  public List<Gradient> withSignal(List<Pass> passes, BoundedMatrix error, BoundedMatrix signal) {
    List<Gradient> gradients = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      BoundedMatrix dy =
          i == layers.size() - 1 ? error : signal.firstColumns(layers.get(i).bias.columns());
      gradients.add(backward(i, passes.get(i), dy));
    }
    return gradients;
  }
}

package dev.feedlight.nn;

import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Blocks in a row. The same network is trained by every learning rule.
 *
 * @param blocks first to last; widths fit, names differ
 */
public record Network(List<Block> blocks) {
  /** Checks that there is a block, that widths fit and that names differ. */
  public Network {
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one block");
    }
    requireFit(blocks);
  }

  /** Refuses blocks in a row whose widths or types do not fit, or two of one name. */
  static void requireFit(List<Block> blocks) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (!names.add(block.name())) {
        throw new IllegalArgumentException("two blocks are called " + block.name());
      }
      if (i > 0 && block.inputType() != DType.F32) {
        throw new ShapeException(
            "block " + block.name() + " takes " + block.inputType() + " and can only be the first");
      }
      if (i > 0 && blocks.get(i - 1).outputs() != block.inputs()) {
        throw new ShapeException(
            "block "
                + block.name()
                + " takes "
                + block.inputs()
                + " inputs, but "
                + blocks.get(i - 1).name()
                + " gives "
                + blocks.get(i - 1).outputs());
      }
    }
  }

  /**
   * Width of the input.
   *
   * @return features per sample
   */
  public long inputs() {
    return blocks.getFirst().inputs();
  }

  /**
   * Element type of the input.
   *
   * @return that of the first block
   */
  public DType inputType() {
    return blocks.getFirst().inputType();
  }

  /**
   * Width of the output.
   *
   * @return features per sample
   */
  public long outputs() {
    return blocks.getLast().outputs();
  }

  /**
   * Parameters of all blocks.
   *
   * @return in the order of the blocks
   */
  public List<Parameter> parameters() {
    return blocks.stream().flatMap(block -> block.parameters().stream()).toList();
  }

  /**
   * Number of weights and biases.
   *
   * @return how many
   */
  public long parameterCount() {
    return parameters().stream().mapToLong(parameter -> parameter.shape().elements()).sum();
  }

  /**
   * Binds every block to a batch.
   *
   * @param scope owns the activations
   * @param input batch x inputs
   * @return the passes, first to last
   */
  public List<BlockPass> bind(Scope scope, Tensor input) {
    if (input.columns() != inputs()) {
      throw new ShapeException(
          "the network takes " + inputs() + " inputs, the batch has " + input.columns());
    }
    if (input.dtype() != inputType()) {
      throw new ShapeException(
          "the network takes " + inputType() + " inputs, the batch is " + input.dtype());
    }
    List<BlockPass> passes = new ArrayList<>();
    Tensor x = input;
    for (Block block : blocks) {
      BlockPass pass = block.bind(scope, x);
      passes.add(pass);
      x = pass.output();
    }
    return List.copyOf(passes);
  }
}

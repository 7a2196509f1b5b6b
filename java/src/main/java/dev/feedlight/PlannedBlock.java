package dev.feedlight;

import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.BlockPass;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * A block without parameters, for rules to look at.
 *
 * @param name of the block
 * @param inputs features in
 * @param inputType element type in
 * @param outputs features out
 */
record PlannedBlock(String name, long inputs, DType inputType, long outputs) implements Block {
  /** A block that takes numbers. */
  PlannedBlock(String name, long inputs, long outputs) {
    this(name, inputs, DType.F32, outputs);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public BlockPass bind(Scope scope, Tensor x) {
    throw new UnsupportedOperationException(name + " is planned and has no parameters yet");
  }
}

package dev.feedlight.nn;

import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * The unit that receives ONE feedback signal. Inside, a block may use backpropagation; between
 * blocks the learning rule decides what arrives. A block holds parameters; what it keeps for one
 * batch lives in the {@link BlockPass}.
 */
public interface Block {
  /**
   * Name, unique within a network.
   *
   * @return for example {@code dense1}
   */
  String name();

  /**
   * Width of the input.
   *
   * @return features per sample
   */
  long inputs();

  /**
   * Element type of the input.
   *
   * @return F32 unless the block takes numbers, as an embedding does
   */
  default DType inputType() {
    return DType.F32;
  }

  /**
   * Width of the output, which is also the width of the feedback signal.
   *
   * @return features per sample
   */
  long outputs();

  /**
   * Parameters in a fixed order.
   *
   * @return possibly empty list
   */
  List<Parameter> parameters();

  /**
   * Binds the block to an input and allocates what the forward pass writes.
   *
   * @param scope owns the activations
   * @param x batch x {@link #inputs()}, of {@link #inputType()}
   * @return the block at this batch
   */
  BlockPass bind(Scope scope, Tensor x);
}

package dev.feedlight.nn;

import dev.feedlight.device.Ops;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/**
 * A block bound to one batch. Within a step: {@link #forward}, then at most once {@link #backward},
 * then at most once {@link #update}. What the update needs from the backward pass may lie in a
 * {@link Workspace} that blocks share: the update comes before the backward pass of any other
 * block, and a {@link Chain} is one block.
 */
public interface BlockPass {
  /**
   * The output of the forward pass.
   *
   * @return batch x outputs
   */
  Tensor output();

  /**
   * Issues the forward pass of training, masks of dropout included.
   *
   * @param ops where to
   * @param control number of the first sample, which decides the masks
   */
  void forward(Ops ops, StepControl control);

  /**
   * Issues the forward pass without training: nothing is random.
   *
   * @param ops where to
   */
  void infer(Ops ops);

  /**
   * Takes the feedback signal, which stands for the gradient of the loss at this block's output,
   * and issues the gradient at the input if it is wanted. Under direct feedback it never is.
   *
   * @param ops where to
   * @param dy batch x outputs; may be overwritten if {@code dx} is given, is only read otherwise
   * @param dx batch x inputs, receives the gradient; null if nobody wants it
   */
  void backward(Ops ops, Tensor dy, Tensor dx);

  /**
   * Whether {@link #backward} leaves dy as it is even where it could overwrite it, so that nobody
   * needs a copy.
   *
   * @return false unless a block says otherwise
   */
  default boolean keepsSignal() {
    return false;
  }

  /**
   * Issues the update of this block's parameters from the signal given to {@link #backward}.
   *
   * @param ops where to
   * @param target optimizer or gradient
   * @param control learning rate of the step
   * @throws IllegalStateException if no signal was given
   */
  void update(Ops ops, UpdateTarget target, StepControl control);
}

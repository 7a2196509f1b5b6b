package dev.feedlight.learn;

/**
 * Loss, activations or weights are NaN or infinite. Updates stop at the step in which that is seen.
 */
public final class NotFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int block;
  private final long step;

  private NotFiniteException(String message, int block, long step) {
    super(message);
    this.block = block;
    this.step = step;
  }

  /**
   * Values of a training step; its updates were skipped, so the weights are those that the step
   * found.
   *
   * @param blockName name of the block
   * @param block its number, from 0
   * @param step number of the step, from 0
   * @return the exception
   */
  static NotFiniteException inStep(String blockName, int block, long step) {
    return new NotFiniteException(
        "values of block "
            + block
            + " ("
            + blockName
            + ") were not finite at step "
            + step
            + "; updates were stopped. A lower learning rate is the usual remedy",
        block,
        step);
  }

  /**
   * Weights, looked at after a step; they may have been so for some steps.
   *
   * @param blockName name of the block
   * @param block its number, from 0
   * @param step number of the last step, from 0
   * @return the exception
   */
  static NotFiniteException inWeights(String blockName, int block, long step) {
    return new NotFiniteException(
        "weights of block "
            + block
            + " ("
            + blockName
            + ") are not finite, seen after step "
            + step
            + ". A lower learning rate is the usual remedy",
        block,
        step);
  }

  /**
   * Values of a forward pass without training.
   *
   * @param blockName name of the block
   * @param block its number, from 0
   * @return the exception
   */
  static NotFiniteException inForwardPass(String blockName, int block) {
    return new NotFiniteException(
        "values of block "
            + block
            + " ("
            + blockName
            + ") are not finite in the forward pass: its weights or its inputs are too large or not"
            + " finite",
        block,
        -1);
  }

  /**
   * Number of the block.
   *
   * @return from 0
   */
  public int block() {
    return block;
  }

  /**
   * Number of the step.
   *
   * @return from 0; -1 for a forward pass without training
   */
  public long step() {
    return step;
  }
}

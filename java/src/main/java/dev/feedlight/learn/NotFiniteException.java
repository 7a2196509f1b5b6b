package dev.feedlight.learn;

/**
 * Loss, activations or weights are no longer finite; updates stopped before the weights changed.
 */
public final class NotFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int block;
  private final long step;

  /**
   * Creates the exception.
   *
   * @param blockName name of the block
   * @param block its number, from 0
   * @param step number of the step, from 0
   */
  public NotFiniteException(String blockName, int block, long step) {
    super(
        "values of block "
            + block
            + " ("
            + blockName
            + ") were not finite at step "
            + step
            + "; updates were stopped. A lower learning rate is the usual remedy");
    this.block = block;
    this.step = step;
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
   * @return from 0
   */
  public long step() {
    return step;
  }
}

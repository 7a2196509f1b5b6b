package dev.feedlight.learn;

/**
 * Which gradient of the last block is projected; the paper's "gradient vector from the last layer"
 * allows both.
 */
public enum ProjectedError {
  /** The gradient at the network's output. */
  OUTPUT,
  /** The gradient at the last block's input, which the last block computes by backpropagation. */
  LAST_BLOCK_INPUT
}

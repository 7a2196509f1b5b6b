package dev.feedlight.nn;

/**
 * Where a Transformer takes feedback signals in. The embedding takes one of its own; the last
 * decoder layer is one block with the head, which is trained by its exact gradient.
 */
public enum FeedbackPoints {
  /** One per decoder layer: attention and MLP are a {@link Chain}, with backpropagation inside. */
  MACRO,
  /**
   * Two per decoder layer: at the output projection of attention and at the MLP's second matrix.
   */
  MICRO
}

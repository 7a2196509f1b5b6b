package dev.feedlight.nn;

import dev.feedlight.device.AttentionLayout;

/**
 * Extents of a pre-norm Transformer and what they add up to: an embedding, layers of attention and
 * MLP, a head. A row of a batch is a token; the last layers and the head are one block.
 */
public sealed interface TransformerShape permits GptShape, VitShape {
  /**
   * Width of the residual stream.
   *
   * @return a multiple of the heads
   */
  long width();

  /**
   * Layers of attention and MLP.
   *
   * @return at least 1
   */
  int layers();

  /**
   * Layers of the last block, which every rule trains by its exact gradient.
   *
   * @return at least 1, at most {@link #layers()}
   */
  int exactLayers();

  /**
   * Width inside each MLP.
   *
   * @return features
   */
  long hidden();

  /**
   * What the head gives.
   *
   * @return values per token
   */
  long outputs();

  /**
   * How tokens see each other.
   *
   * @return heads, context, mask
   */
  AttentionLayout attention();

  /**
   * How its sub-layers add to the residual stream.
   *
   * @return a kind of sum, which brings no parameters
   */
  Residual residual();

  /**
   * The embedding.
   *
   * @return how many weights and biases
   */
  long embeddingParameters();

  /**
   * What the embedding keeps in a step.
   *
   * @return values per token
   */
  long embeddingValuesPerToken();

  /**
   * The attention of one layer with its normalisation.
   *
   * @return how many weights, biases and gains
   */
  default long attentionParameters() {
    return 2 * width() + 4 * width() * width() + 4 * width();
  }

  /**
   * The MLP of one layer with its normalisation.
   *
   * @return how many weights, biases and gains
   */
  default long mlpParameters() {
    return 2 * width() + 2 * width() * hidden() + hidden() + width();
  }

  /**
   * The head with its normalisation.
   *
   * @return how many weights, biases and gains
   */
  default long headParameters() {
    return 2 * width() + outputs() * width();
  }

  /**
   * All weights, biases and gains.
   *
   * @return how many
   */
  default long parameters() {
    return embeddingParameters()
        + layers() * (attentionParameters() + mlpParameters())
        + headParameters();
  }

  /**
   * Weights, biases and gains of all blocks that get a projected signal, those that are trained by
   * backpropagation inside such a block included: all but the last block.
   *
   * @return how many
   */
  default long fedParameters() {
    return embeddingParameters()
        + (layers() - exactLayers()) * (attentionParameters() + mlpParameters());
  }

  /**
   * Values that the blocks of a training step keep, under every learning rule and wherever signals
   * enter: those of the forward pass in every layer, and one set of buffers for the backward pass
   * for each layer of the last block. Inputs, targets, error and what a rule needs for itself come
   * on top.
   *
   * @return how many per token
   */
  default long valuesPerToken() {
    long width = width();
    long hidden = hidden();
    long statistics = 2;
    boolean standardized = residual() == Residual.STANDARDIZED;
    long sum = width + (standardized ? width + statistics : 0);
    long attention = width + statistics + 3 * width + width + attention().heads() + sum;
    long mlp = width + statistics + 2 * hidden + sum;
    long head = width + statistics + outputs();
    long branches = standardized ? 2 * width : 0;
    long backward = exactLayers() * (4 * width + (hidden + width) + branches) + width;
    long betweenParts = 2L * exactLayers() * width;
    return embeddingValuesPerToken()
        + layers() * (attention + mlp)
        + head
        + backward
        + betweenParts;
  }
}

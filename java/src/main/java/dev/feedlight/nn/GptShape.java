package dev.feedlight.nn;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;

/**
 * Extents of a GPT: a decoder of pre-norm layers, with a head that is not tied to the embedding.
 *
 * @param vocabulary tokens there are
 * @param context tokens of a sequence
 * @param width of the residual stream, a multiple of the heads
 * @param layers decoder layers
 * @param heads of each
 * @param hidden width inside each MLP
 */
public record GptShape(
    long vocabulary, long context, long width, int layers, long heads, long hidden) {
  /** Trains within minutes on a processor (ours). */
  public static final GptShape TINY = new GptShape(1016, 24, 192, 4, 4, 384);

  /** 18 million parameters (ours). */
  public static final GptShape SMALL = new GptShape(1016, 24, 512, 8, 8, 1024);

  /**
   * The paper's: width 2040, context 24, vocabulary 1016, 1.07e9 parameters, 400M of them fed by
   * light. 32 layers and an MLP of twice the width are inferred: they give both counts; 17 heads of
   * 120 are ours.
   */
  public static final GptShape PAPER = new GptShape(1016, 24, 2040, 32, 17, 4080);

  /** Checks that all extents are positive and the width is whole heads. */
  public GptShape {
    if (vocabulary < 1 || context < 1 || width < 1 || layers < 1 || heads < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "extents of a GPT must be at least 1: vocabulary "
              + vocabulary
              + ", context "
              + context
              + ", width "
              + width
              + ", layers "
              + layers
              + ", heads "
              + heads
              + ", hidden "
              + hidden);
    }
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "a width of " + width + " cannot be cut into " + heads + " heads");
    }
  }

  /**
   * How tokens see each other.
   *
   * @return causal attention
   */
  public AttentionLayout attention() {
    return new AttentionLayout(heads, context, Mask.CAUSAL);
  }

  /**
   * Both tables of the embedding.
   *
   * @return how many weights
   */
  public long embeddingParameters() {
    return (vocabulary + context) * width;
  }

  /**
   * The attention of one layer with its normalisation.
   *
   * @return how many weights, biases and gains
   */
  public long attentionParameters() {
    return 2 * width + 4 * width * width + 4 * width;
  }

  /**
   * The MLP of one layer with its normalisation.
   *
   * @return how many weights, biases and gains
   */
  public long mlpParameters() {
    return 2 * width + 2 * width * hidden + hidden + width;
  }

  /**
   * The head with its normalisation.
   *
   * @return how many weights, biases and gains
   */
  public long headParameters() {
    return 2 * width + vocabulary * width;
  }

  /**
   * All weights, biases and gains.
   *
   * @return how many
   */
  public long parameters() {
    return embeddingParameters()
        + layers * (attentionParameters() + mlpParameters())
        + headParameters();
  }

  /**
   * Values that the blocks of a training step keep, under every learning rule and wherever signals
   * enter: those of the forward pass in every layer, and one set of buffers for the backward pass.
   * Tokens, labels, error and what a rule needs for itself come on top.
   *
   * @return how many per token
   */
  public long valuesPerToken() {
    long statistics = 2;
    long attention = width + statistics + 3 * width + width + heads + width;
    long mlp = width + statistics + 2 * hidden + width;
    long head = width + statistics + vocabulary;
    long backward = 4 * width + (hidden + width) + width;
    long betweenParts = 2 * width;
    return width + layers * (attention + mlp) + head + backward + betweenParts;
  }

  /**
   * Weights of the matrices at which signals enter, output projections and second MLP matrices, in
   * all layers.
   *
   * @return how many
   */
  public long projectionWeights() {
    return layers * (width * width + hidden * width);
  }

  /**
   * Those of {@link #projectionWeights()} that are fed by projected signals: of all layers but the
   * last, which is trained by its exact gradient.
   *
   * @return how many
   */
  public long fedWeights() {
    return (layers - 1) * (width * width + hidden * width);
  }
}

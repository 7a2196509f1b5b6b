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
 * @param residual how attention and MLP are added
 */
public record GptShape(
    long vocabulary,
    long context,
    long width,
    int layers,
    long heads,
    long hidden,
    Residual residual)
    implements TransformerShape {
  /** Trains within minutes on a processor (ours). */
  public static final GptShape TINY = new GptShape(1016, 24, 192, 4, 4, 384, Residual.STANDARDIZED);

  /** 18 million parameters (ours). */
  public static final GptShape SMALL =
      new GptShape(1016, 24, 512, 8, 8, 1024, Residual.STANDARDIZED);

  /**
   * The paper's: width 2040, context 24, vocabulary 1016, 1.07e9 parameters, 400M of them fed by
   * light. 32 layers and an MLP of twice the width are inferred: they give both counts; 17 heads of
   * 120 are ours.
   */
  public static final GptShape PAPER =
      new GptShape(1016, 24, 2040, 32, 17, 4080, Residual.STANDARDIZED);

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
   * The same with another context.
   *
   * @param tokens of a sequence
   * @return that shape
   */
  public GptShape withContext(long tokens) {
    return new GptShape(vocabulary, tokens, width, layers, heads, hidden, residual);
  }

  /**
   * The same with another sum.
   *
   * @param sum how attention and MLP are added
   * @return that shape
   */
  public GptShape withResidual(Residual sum) {
    return new GptShape(vocabulary, context, width, layers, heads, hidden, sum);
  }

  @Override
  public AttentionLayout attention() {
    return new AttentionLayout(heads, context, Mask.CAUSAL);
  }

  /** One. */
  @Override
  public int exactLayers() {
    return 1;
  }

  /** One logit per token of the vocabulary. */
  @Override
  public long outputs() {
    return vocabulary;
  }

  /** Both tables. */
  @Override
  public long embeddingParameters() {
    return (vocabulary + context) * width;
  }

  @Override
  public long embeddingValuesPerToken() {
    return width;
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

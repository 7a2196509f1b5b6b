package dev.feedlight.nn;

/**
 * How a sub-layer of a Transformer adds to the residual stream. {@code f} is attention or MLP, and
 * {@code norm} in front of it a layer normalisation with gain and bias.
 */
public enum Residual {
  /** {@code y = x + f(norm(x))}: the pre-norm Transformer, GPT-2's. */
  PLAIN,

  /**
   * {@code y = x + standardize(f(norm(x)))}, where {@code standardize} is a layer normalisation
   * without gain and bias: a sandwich normalisation (Ding et al. 2021) whose outer layer has no
   * parameters. A sub-layer adds a vector of fixed length, however large its weights. Under direct
   * feedback nothing else holds them back: a signal that does not depend on what a block already
   * does makes it do more of it for ever (docs/results/fig2.md).
   */
  STANDARDIZED
}

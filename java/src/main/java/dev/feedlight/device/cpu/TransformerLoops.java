package dev.feedlight.device.cpu;

/**
 * Rows of a Transformer's operations that are no products, on raw addresses of floats,
 * single-threaded. Both implementations give the same bits. Sums over a row are those of {@link
 * PlainSums}.
 */
interface TransformerLoops {
  /**
   * One row of TransformerOperation.LayerNormForward; y overlaps neither x nor the residual. Writes
   * one float each to {@code mean} and {@code rstd}.
   *
   * @param residual 0 for none
   * @param gain 0 for none, and bias with it
   */
  void normalize(long y, long mean, long rstd, long x, long residual, long gain, long bias, long n);

  /**
   * One row of TransformerOperation.LayerNormBackward; dx overlaps nothing.
   *
   * @param residual 0 for none
   * @param gain 0 for none
   * @param normal scratch of n floats
   */
  void normalizeGradient(
      long dx,
      long dy,
      long residual,
      long x,
      float mean,
      float rstd,
      long gain,
      long n,
      long normal);

  /** {@code gains += dy ((x - mean) rstd)} and {@code biases += dy} on {@code n} columns. */
  void normalizeSums(long gains, long biases, long dy, long x, float mean, float rstd, long n);

  /**
   * Softmax of {@code n} scores in place.
   *
   * @return their log-sum-exp
   */
  float softmax(long scores, long n);

  /**
   * A row of the gradient at attention's scores: {@code scores = P = exp(scores - logSumExp)},
   * {@code gradient = P (gradient - mean) scale}.
   *
   * @param gradient that at P, receives that at the unscaled products
   * @param mean of the gradient under P
   */
  void softmaxGradient(
      long scores, long gradient, long n, float logSumExp, float mean, float scale);

  /** Sum of the products of {@code n} pairs, in double. */
  double dot(long x, long y, long n);

  /** {@code sum = x + y} on {@code n} floats; in place if the sum is one of them. */
  void add(long sum, long x, long y, long n);
}

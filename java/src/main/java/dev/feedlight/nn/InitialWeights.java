package dev.feedlight.nn;

/**
 * How large the first weights of a Transformer are. All are normal with mean 0; those of the output
 * projections of attention and MLP are smaller by the square root of twice the layers, as in GPT-2;
 * gains are 1 and biases 0.
 */
public enum InitialWeights {
  /** Deviation 0.02 everywhere (GPT-2, Radford et al. 2019). */
  GPT2 {
    @Override
    double matrix(long inputs) {
      return 0.02;
    }

    @Override
    double embedding() {
      return 0.02;
    }
  },

  /**
   * Variance 1 / inputs in matrices, and deviation 0.02 in embeddings, so that in a residual stream
   * of standardized sums the layers outweigh them from the start (ours; by measurement the best for
   * GPTs under direct feedback, docs/results/fig2.md).
   */
  SMALL_EMBEDDINGS {
    @Override
    double matrix(long inputs) {
      return UNIT_VARIANCE.matrix(inputs);
    }

    @Override
    double embedding() {
      return GPT2.embedding();
    }
  },

  /**
   * Variance 1 / inputs in matrices, so that they keep the variance of what they multiply, and 1 in
   * embeddings.
   */
  UNIT_VARIANCE {
    @Override
    double matrix(long inputs) {
      return 1 / Math.sqrt((double) inputs);
    }

    @Override
    double embedding() {
      return 1;
    }
  };

  /** Standard deviation in a matrix of so many inputs. */
  abstract double matrix(long inputs);

  /** Standard deviation in a table of embeddings. */
  abstract double embedding();
}

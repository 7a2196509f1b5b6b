package dev.feedlight.device;

import dev.feedlight.tensor.ShapeException;

/**
 * How rows of tokens are attention problems: consecutive runs of {@code context} rows are
 * sequences, which do not see each other; the columns of queries, keys, values and results are cut
 * into heads.
 *
 * @param heads at least 1
 * @param context tokens of a sequence, at least 1
 * @param mask which tokens a token sees
 */
public record AttentionLayout(long heads, long context, Mask mask) {
  /** Which tokens of its sequence a token sees. */
  public enum Mask {
    /** Itself and those before it, as in a language model. */
    CAUSAL,
    /** All of them, as in a vision Transformer. */
    FULL
  }

  /** Checks that there are heads and tokens. */
  public AttentionLayout {
    if (heads < 1 || context < 1) {
      throw new ShapeException(
          "attention needs at least 1 head and a context of 1, not "
              + heads
              + " heads and a context of "
              + context);
    }
  }

  /**
   * Pairs of a query and a key that a sequence's mask lets through.
   *
   * @return how many
   */
  public long pairs() {
    return switch (mask) {
      case CAUSAL -> context * (context + 1) / 2;
      case FULL -> context * context;
    };
  }
}

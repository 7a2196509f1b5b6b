package dev.feedlight.data.text;

import dev.feedlight.data.DataException;
import java.util.Locale;

/**
 * How often each token occurs, and the two lines that every loss curve is read against: what a
 * model loses that knows nothing, and what one loses that knows these frequencies and nothing of
 * what came before. A model above the second has learned no language.
 */
public final class Unigrams {
  private final long[] counts;
  private final long total;

  private Unigrams(long[] counts, long total) {
    this.counts = counts;
    this.total = total;
  }

  /**
   * Counts tokens.
   *
   * @param tokens at least one
   * @param vocabulary number of different tokens
   * @return the counts
   * @throws ShortTextException if there are no tokens
   * @throws DataException if a token is outside of the vocabulary
   */
  public static Unigrams of(int[] tokens, int vocabulary) {
    if (tokens.length == 0) {
      throw new ShortTextException("no tokens, so none has a frequency");
    }
    long[] counts = new long[vocabulary];
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabulary) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "token %d is %d, outside of the vocabulary of %d",
                i,
                tokens[i],
                vocabulary));
      }
      counts[tokens[i]]++;
    }
    return new Unigrams(counts, tokens.length);
  }

  /**
   * How often a token occurs.
   *
   * @param token in {@code [0, vocabulary)}
   * @return 0 or more
   */
  public long count(int token) {
    return counts[token];
  }

  /**
   * The loss of a model that takes all tokens for equally likely.
   *
   * @return ln(vocabulary), in nats per token; 6.924 for 1016
   */
  public double uniformNats() {
    return Math.log(counts.length);
  }

  /**
   * The entropy of the frequencies: no model that ignores the context loses less on these tokens.
   *
   * @return nats per token, at most {@link #uniformNats}
   */
  public double entropyNats() {
    double sum = 0;
    for (long count : counts) {
      if (count > 0) {
        double share = (double) count / total;
        sum -= share * Math.log(share);
      }
    }
    return sum;
  }
}

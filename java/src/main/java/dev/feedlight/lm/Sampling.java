package dev.feedlight.lm;

import dev.feedlight.data.DataException;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;
import java.util.Arrays;

/**
 * How a token is drawn from logits: with probability proportional to {@code exp(logit /
 * temperature)} among the {@code topK} largest. Which one is drawn is a function of the logits, the
 * seed and the number of the token.
 *
 * @param temperature 0 takes the largest logit, of equal ones the lowest token; 1 the model's own
 *     probabilities
 * @param topK how many tokens may be drawn, of equal ones those with the lower numbers; 0 for all
 * @param seed of the draws
 */
public record Sampling(double temperature, int topK, long seed) {
  /** Checks temperature and number. */
  public Sampling {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "a temperature must be finite and 0 or more, not " + temperature);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("top-k must be 0, for all, or more, not " + topK);
    }
  }

  /**
   * Draws a token.
   *
   * @param logits one for each token
   * @param number of the token in its text, from 0: each has a draw of its own
   * @return its number
   * @throws DataException if a logit is not finite
   */
  public int draw(float[] logits, long number) {
    requireFinite(logits);
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      best = logits[token] > logits[best] ? token : best;
    }
    if (temperature == 0) {
      return best;
    }
    boolean[] allowed = allowed(logits);
    double[] weights = new double[logits.length];
    double total = 0;
    for (int token = 0; token < logits.length; token++) {
      if (allowed[token]) {
        weights[token] = Math.exp(((double) logits[token] - logits[best]) / temperature);
        total += weights[token];
      }
    }
    double left = uniform(number) * total;
    int last = best;
    for (int token = 0; token < logits.length; token++) {
      if (weights[token] > 0) {
        last = token;
        left -= weights[token];
        if (left < 0) {
          break;
        }
      }
    }
    return last; // by rounding all may be passed: then the last one
  }

  private static void requireFinite(float[] logits) {
    for (int token = 0; token < logits.length; token++) {
      if (!Float.isFinite(logits[token])) {
        throw new DataException(
            "the logit of token "
                + token
                + " is "
                + logits[token]
                + ": nothing can be drawn from a model whose numbers overflow");
      }
    }
  }

  private boolean[] allowed(float[] logits) {
    boolean[] allowed = new boolean[logits.length];
    if (topK == 0 || topK >= logits.length) {
      Arrays.fill(allowed, true);
      return allowed;
    }
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    float least = sorted[sorted.length - topK];
    int taken = 0;
    for (int token = 0; token < logits.length; token++) {
      if (logits[token] > least) {
        allowed[token] = true;
        taken++;
      }
    }
    for (int token = 0; token < logits.length && taken < topK; token++) {
      if (logits[token] == least) {
        allowed[token] = true;
        taken++;
      }
    }
    return allowed;
  }

  /** In [0, 1), 53 bits. */
  private double uniform(long number) {
    int[] words = new int[4];
    long key = Philox.deriveKey(seed, Stream.SAMPLING, 0);
    Philox.block(key, (int) number, (int) (number >>> 32), 0, 0, words);
    long bits = ((words[0] & 0xFFFFFFFFL) << 21) | (words[1] >>> 11);
    return bits * 0x1p-53;
  }
}

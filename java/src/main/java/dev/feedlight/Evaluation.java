package dev.feedlight;

/**
 * What a network does on a data set.
 *
 * @param loss mean over the examples, of a GPT over the tokens; weighted as the outputs are
 * @param accuracy share of examples, or tokens, whose largest output is the label's; NaN for
 *     regression
 * @param examples how many of them
 */
public record Evaluation(double loss, double accuracy, long examples) {
  /**
   * Root of the mean squared error of a regression.
   *
   * @return in the unit of the targets; NaN for classification
   */
  public double rmse() {
    return Double.isNaN(accuracy) ? Math.sqrt(loss) : Double.NaN;
  }
}

package dev.feedlight;

/**
 * What a network does on a data set.
 *
 * @param loss mean over the examples
 * @param accuracy share of examples whose largest output is the label's; NaN for regression
 * @param examples how many
 */
public record Evaluation(double loss, double accuracy, long examples) {}

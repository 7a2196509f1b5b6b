package dev.feedlight.bench.training;

import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptShape;

/**
 * Operations of a training step per token, by its matrix products alone: two for each weight that
 * is passed forward, two for each that a gradient is passed back through, two for each that is
 * updated. What optics are emulated with is not in it.
 *
 * @param shape of the GPT
 * @param points where signals enter
 * @param rule that trains it
 */
public record GptCost(GptShape shape, FeedbackPoints points, LearningRule rule) {
  /** Per token. */
  public double flopsPerToken() {
    double layers = shape.layers() - 1.0;
    double layer = layerWeights();
    double head = (double) shape.vocabulary() * shape.width();
    double forward = 2 * ((layers + 1) * layer + head) + (layers + 1) * scores();
    // The last layer passes back to the input of its first matrices where that is projected.
    double last = 2 * (layer + head) + 2 * (back(FeedbackPoints.MACRO) + head) + 2.5 * scores();
    return forward
        + switch (rule) {
          case Backpropagation _ -> last + firstWeights() + layers * (4 * layer + 2.5 * scores());
          case LastBlockOnly _ -> last;
          case DirectFeedback direct ->
              last
                  + layers * (2 * layer + 2 * back(points) + 2.5 * scores())
                  + (direct.projected() == ProjectedError.LAST_BLOCK_INPUT ? firstWeights() : 0)
                  + digital(direct);
          default -> throw new IllegalArgumentException("no count of " + rule.name());
        };
  }

  private double layerWeights() {
    return (4.0 * shape.width() + 2.0 * shape.hidden()) * shape.width();
  }

  /** Operations of passing a gradient back through the first matrices of attention. */
  private double firstWeights() {
    return 2 * 3.0 * shape.width() * shape.width();
  }

  /** Weights of a layer that a signal passes back through. */
  private double back(FeedbackPoints entering) {
    double inside = (1.0 * shape.width() + shape.hidden()) * shape.width();
    return switch (entering) {
      case MICRO -> inside;
      case MACRO -> inside + 1.0 * shape.hidden() * shape.width();
    };
  }

  /** Forward products of queries, keys and values in one layer, half of them masked. */
  private double scores() {
    return 2.0 * shape.context() * shape.width();
  }

  private double digital(DirectFeedback direct) {
    boolean output = direct.projected() == ProjectedError.OUTPUT;
    double inputs = output ? shape.vocabulary() : shape.width();
    return direct.projector() instanceof RandomMatrix ? 2 * inputs * shape.width() : 0;
  }
}

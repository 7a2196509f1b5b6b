package dev.feedlight.bench.training;

import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.TransformerShape;
import dev.feedlight.nn.VitShape;

/**
 * Operations of a training step per token, by its matrix products alone: two for each weight that
 * is passed forward, two for each that a gradient is passed back through, two for each that is
 * updated. What optics are emulated with is not in it.
 *
 * @param shape of the Transformer
 * @param points where signals enter
 * @param rule that trains it
 */
public record TransformerCost(TransformerShape shape, FeedbackPoints points, LearningRule rule) {
  /** Per token. */
  public double flopsPerToken() {
    double exact = shape.exactLayers();
    double layers = shape.layers() - exact;
    double layer = layerWeights();
    double head = (double) shape.outputs() * shape.width();
    double forward =
        2 * ((layers + exact) * layer + head + embedding()) + (layers + exact) * scores();
    // The last block passes back to the input of its first matrices where that is projected.
    double last =
        2 * (exact * layer + head)
            + 2 * (back(FeedbackPoints.MACRO) + (exact - 1) * layer + head)
            + exact * 2.5 * scores();
    return forward
        + switch (rule) {
          case Backpropagation _ ->
              last + firstWeights() + layers * (4 * layer + 2.5 * scores()) + 2 * embedding();
          case LastBlockOnly _ -> last;
          case DirectFeedback direct ->
              last
                  + layers * (2 * layer + 2 * back(points) + 2.5 * scores())
                  + 2 * embedding()
                  + (direct.projected() == ProjectedError.LAST_BLOCK_INPUT ? firstWeights() : 0)
                  + digital(direct);
          default -> throw new IllegalArgumentException("no count of " + rule.name());
        };
  }

  /** Weights of an embedding that is a product; looking up a table costs none. */
  private double embedding() {
    return shape instanceof VitShape vit ? (double) vit.input().patchValues() * vit.width() : 0;
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

  /**
   * Forward products of queries, keys and values in one layer; a causal mask takes half of them.
   */
  private double scores() {
    double unmasked = shape.attention().mask() == Mask.CAUSAL ? 0.5 : 1;
    return 4.0 * unmasked * shape.attention().context() * shape.width();
  }

  private double digital(DirectFeedback direct) {
    boolean output = direct.projected() == ProjectedError.OUTPUT;
    double inputs = output ? shape.outputs() : shape.width();
    return direct.projector() instanceof RandomMatrix ? 2 * inputs * shape.width() : 0;
  }
}

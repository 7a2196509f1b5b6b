package dev.feedlight.bench.cli;

import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.training.TransformerCost;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.VitShape;
import java.util.Locale;

/**
 * A vision Transformer.
 *
 * @param shape extents
 * @param points where signals enter
 * @param weights how large they are at first
 */
record VitModel(VitShape shape, FeedbackPoints points, InitialWeights weights) implements MapModel {
  @Override
  public String name() {
    return "vit";
  }

  @Override
  public void configure(EngineBuilder builder) {
    builder.vit(shape, points).initialWeights(weights);
  }

  @Override
  public String text() {
    return String.format(
        Locale.ROOT,
        "%d patches of %d x %d, width %d, %d layers, %d heads, MLP %d, %s sums",
        shape.input().patches(),
        shape.input().patch(),
        shape.input().patch(),
        shape.width(),
        shape.layers(),
        shape.heads(),
        shape.hidden(),
        Arguments.word(shape.residual()));
  }

  @Override
  public long parameters() {
    return shape.parameters();
  }

  @Override
  public long fedParameters() {
    return shape.fedParameters();
  }

  @Override
  public long rowsPerExample() {
    return shape.input().patches();
  }

  @Override
  public double flopsPerExample(LearningRule rule) {
    return rowsPerExample() * new TransformerCost(shape, points, rule).flopsPerToken();
  }

  @Override
  public void print(ParameterTable table) {
    table.row("patches and positions", shape.embeddingParameters());
    table.row("attention", shape.layers(), shape.attentionParameters());
    table.row("MLP", shape.layers(), shape.mlpParameters());
    table.row("head", shape.headParameters());
  }

  @Override
  public void put(JsonLine line) {
    line.put("patch", shape.input().patch())
        .put("width", shape.width())
        .put("depth", shape.layers())
        .put("exact_layers", shape.exactLayers())
        .put("heads", shape.heads())
        .put("hidden", shape.hidden())
        .put("residual", Arguments.word(shape.residual()))
        .put("initial_weights", Arguments.word(weights))
        .put("feedback", Arguments.word(points));
  }
}

package dev.feedlight.bench.cli;

import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.training.FullyConnected;
import dev.feedlight.device.Activation;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.nn.FcnnShape;
import java.util.stream.Collectors;

/**
 * A fully connected network.
 *
 * @param shape widths
 * @param activation of the hidden layers
 */
record FcnnModel(FcnnShape shape, Activation activation) implements MapModel {
  @Override
  public String name() {
    return "fcnn";
  }

  @Override
  public void configure(EngineBuilder builder) {
    FullyConnected.describe(builder, shape, activation);
  }

  @Override
  public String text() {
    return shape.inputs()
        + shape.hidden().stream().map(width -> "-" + width).collect(Collectors.joining())
        + "-"
        + shape.outputs()
        + ", "
        + ActivationOptions.name(activation);
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
    return 1;
  }

  /** Two for each weight that is passed forward, passed back through or updated; no biases. */
  @Override
  public double flopsPerExample(LearningRule rule) {
    double all = shape.parameters();
    double fed = shape.fedParameters();
    int layers = shape.hidden().size() + 1;
    double first = shape.parameters(0);
    double lastFirst = shape.parameters(layers - shape.exactLayers());
    double exact = 2 * (all - fed) + 2 * (all - fed - lastFirst);
    return 2 * all
        + switch (rule) {
          case Backpropagation _ -> 2 * all + 2 * (all - first);
          case LastBlockOnly _ -> exact;
          case DirectFeedback direct -> exact + 2 * fed + projection(direct, lastFirst);
          default -> throw new IllegalArgumentException("no count of " + rule.name());
        };
  }

  private double projection(DirectFeedback direct, double lastFirst) {
    int before = shape.hidden().size() - shape.exactLayers();
    boolean output = direct.projected() == ProjectedError.OUTPUT || before < 0;
    double inputs = output ? shape.outputs() : shape.hidden().get(before);
    long widest = shape.hidden().stream().mapToLong(width -> width).max().orElse(0);
    return (output ? 0 : 2 * lastFirst)
        + (direct.projector() instanceof RandomMatrix ? 2 * inputs * widest : 0);
  }

  @Override
  public void print(ParameterTable table) {
    for (int i = 0; i <= shape.hidden().size(); i++) {
      table.row("dense" + (i + 1), shape.parameters(i));
    }
  }

  @Override
  public void put(JsonLine line) {
    line.put("hidden", shape.hidden())
        .put("exact_layers", shape.exactLayers())
        .put("activation", ActivationOptions.name(activation));
  }
}

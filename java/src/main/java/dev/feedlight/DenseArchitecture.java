package dev.feedlight;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.io.RecordTree;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dense blocks in a row.
 *
 * @param inputs features of an example
 * @param layers first to last, at least one
 * @param dropout rate of all but the last
 */
record DenseArchitecture(long inputs, List<Layer> layers, float dropout) implements Architecture {
  /** Copies the list. */
  DenseArchitecture {
    layers = List.copyOf(layers);
  }

  /**
   * A block.
   *
   * @param width of its output
   * @param activation f
   */
  record Layer(long width, Activation activation) {}

  private static String name(int block) {
    return "dense" + (block + 1);
  }

  private long inputs(int block) {
    return block == 0 ? inputs : layers.get(block - 1).width;
  }

  private float dropout(int block) {
    return block + 1 < layers.size() ? dropout : 0;
  }

  @Override
  public Network build(Device device, Scope scope, long seed) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      blocks.add(
          new Dense(
              device,
              scope,
              name(i),
              inputs(i),
              layer.width,
              layer.activation,
              dropout(i),
              seed,
              i));
    }
    return new Network(blocks);
  }

  @Override
  public Network outline() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Shape weight = new Shape(layers.get(i).width, inputs(i));
      blocks.add(new PlannedBlock(name(i), weight.columns(), weight.rows()));
    }
    return new Network(blocks);
  }

  @Override
  public long rowsPerExample() {
    return 1;
  }

  @Override
  public long parameters(int block) {
    return Dense.parameterCount(inputs(block), layers.get(block).width);
  }

  @Override
  public long valuesPerRow(LearningRule rule) {
    Network outline = outline();
    long values = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      boolean masks = rule.trains(outline, i) && !rule.passesOn(outline, i);
      values =
          Math.addExact(
              values, Dense.valuesPerSample(layer.width, layer.activation, dropout(i), masks));
    }
    return values;
  }

  @Override
  public Map<String, Object> configuration() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("inputs", inputs);
    settings.put("layers", RecordTree.of(layers));
    settings.put("dropout", Float.toString(dropout));
    return settings;
  }
}

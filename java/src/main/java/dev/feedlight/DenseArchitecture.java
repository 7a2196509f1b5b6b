package dev.feedlight;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.io.RecordTree;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Chain;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.Workspace;
import dev.feedlight.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Dense layers in a row, each a block, but for the last ones where those are one.
 *
 * @param inputs features of an example
 * @param layers first to last, at least one
 * @param dropout rate of all but the last
 * @param lastBlock layers of the last block, at least 1, at most all
 */
record DenseArchitecture(long inputs, List<Layer> layers, float dropout, int lastBlock)
    implements Architecture {
  /** Copies the list. */
  DenseArchitecture {
    layers = List.copyOf(layers);
  }

  /**
   * A layer.
   *
   * @param width of its output
   * @param activation f
   */
  record Layer(long width, Activation activation) {}

  private static String name(int layer) {
    return "dense" + (layer + 1);
  }

  /** First layer of the last block, which is also that block's number. */
  private int lastFrom() {
    return layers.size() - lastBlock;
  }

  private String lastName() {
    return name(lastFrom()) + " to " + name(layers.size() - 1);
  }

  private long inputs(int layer) {
    return layer == 0 ? inputs : layers.get(layer - 1).width;
  }

  private long outputs() {
    return layers.getLast().width;
  }

  private float dropout(int layer) {
    return layer + 1 < layers.size() ? dropout : 0;
  }

  @Override
  public Network build(Device device, Scope scope, InitialWeights initial, long seed) {
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
    if (lastBlock > 1) {
      List<Block> last = blocks.subList(lastFrom(), layers.size());
      Chain chain = new Chain(lastName(), new Workspace(), last);
      last.clear();
      blocks.add(chain);
    }
    return new Network(blocks);
  }

  @Override
  public Network outline() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lastFrom(); i++) {
      blocks.add(new PlannedBlock(name(i), inputs(i), layers.get(i).width));
    }
    String last = lastBlock == 1 ? name(lastFrom()) : lastName();
    blocks.add(new PlannedBlock(last, inputs(lastFrom()), outputs()));
    return new Network(blocks);
  }

  @Override
  public long rowsPerExample() {
    return 1;
  }

  @Override
  public MapLayout layout() {
    return MapLayout.rows(inputs, outputs());
  }

  /** Any loss. */
  @Override
  public void requireLoss(Loss loss) {}

  @Override
  public long parameters(int block) {
    long sum = 0;
    for (int i = block; i < (block < lastFrom() ? block + 1 : layers.size()); i++) {
      sum = Math.addExact(sum, Dense.parameterCount(inputs(i), layers.get(i).width));
    }
    return sum;
  }

  @Override
  public long valuesPerRow(LearningRule rule) {
    Network outline = outline();
    long values = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      boolean first = i <= lastFrom();
      boolean masks = first && rule.trains(outline, i) && !rule.passesOn(outline, i);
      values =
          Math.addExact(
              values, Dense.valuesPerSample(layer.width, layer.activation, dropout(i), masks));
      // Gradients between the layers of a chain.
      values = Math.addExact(values, first ? 0 : inputs(i));
    }
    if (lastBlock > 1 && !rule.passesOn(outline, lastFrom())) {
      values = Math.addExact(values, outputs()); // the copy of the error that a chain works in
    }
    return values;
  }

  @Override
  public List<Shape> weights() {
    return IntStream.range(0, layers.size())
        .mapToObj(i -> new Shape(layers.get(i).width, inputs(i)))
        .toList();
  }

  @Override
  public Map<String, Object> configuration() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("inputs", inputs);
    settings.put("layers", RecordTree.of(layers));
    settings.put("dropout", Float.toString(dropout));
    if (lastBlock > 1) {
      settings.put("last_block_layers", (long) lastBlock);
    }
    return settings;
  }
}

package dev.feedlight.nn;

import java.util.ArrayList;
import java.util.List;

/** What follows the embedding in every Transformer: its layers and the head, as blocks. */
final class TransformerLayers {
  private final Initializer initializer;
  private final TransformerShape shape;
  private final List<Workspace> attentionSpaces = new ArrayList<>();
  private final List<Workspace> mlpSpaces = new ArrayList<>();

  private TransformerLayers(Initializer initializer, TransformerShape shape) {
    this.initializer = initializer;
    this.shape = shape;
    for (int i = 0; i < shape.exactLayers(); i++) {
      attentionSpaces.add(new Workspace());
      mlpSpaces.add(new Workspace());
    }
  }

  /** Makes them; the last block is the last layers and the head. */
  static List<Block> blocks(
      Initializer initializer, TransformerShape shape, FeedbackPoints points, String headName) {
    TransformerLayers layers = new TransformerLayers(initializer, shape);
    Workspace between = new Workspace();
    List<Block> blocks = new ArrayList<>();
    int fed = shape.layers() - shape.exactLayers();
    for (int i = 0; i < fed; i++) {
      List<Block> parts = layers.layer(i, 0);
      switch (points) {
        case MACRO -> blocks.add(new Chain(prefix(i), between, parts));
        case MICRO -> blocks.addAll(parts);
      }
    }
    List<Block> last = new ArrayList<>();
    for (int i = fed; i < shape.layers(); i++) {
      last.addAll(layers.layer(i, i - fed));
    }
    last.add(new Head(initializer, headName, new Workspace(), shape.width(), shape.outputs()));
    String first = shape.exactLayers() == 1 ? "" : prefix(fed) + " to ";
    blocks.add(new Chain(first + prefix(shape.layers() - 1) + " and head", between, last));
    return blocks;
  }

  private static String prefix(int layer) {
    return "h." + layer;
  }

  /** Attention and MLP, which share buffers with other layers but not with those of one chain. */
  private List<Block> layer(int number, int space) {
    double outputFactor = 1 / Math.sqrt(2.0 * shape.layers());
    return List.of(
        new AttentionBlock(
            initializer,
            attentionSpaces.get(space),
            prefix(number),
            shape.width(),
            shape.attention(),
            shape.residual(),
            outputFactor),
        new MlpBlock(
            initializer,
            mlpSpaces.get(space),
            prefix(number),
            shape.width(),
            shape.hidden(),
            shape.residual(),
            outputFactor));
  }
}

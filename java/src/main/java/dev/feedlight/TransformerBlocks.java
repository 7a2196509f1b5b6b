package dev.feedlight;

import dev.feedlight.nn.Block;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.TransformerShape;
import dev.feedlight.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a Transformer that has not been made.
 *
 * @param shape extents
 * @param points where signals enter
 */
record TransformerBlocks(TransformerShape shape, FeedbackPoints points) {
  /** Blocks without parameters, behind this embedding. */
  Network outline(PlannedBlock embedding) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(embedding);
    for (int i = 0; i < fedBlocks(); i++) {
      blocks.add(new PlannedBlock("block " + (i + 1), shape.width(), shape.width()));
    }
    blocks.add(new PlannedBlock("last layers and head", shape.width(), shape.outputs()));
    return new Network(blocks);
  }

  private int fedBlocks() {
    int layers = shape.layers() - shape.exactLayers();
    return switch (points) {
      case MACRO -> layers;
      case MICRO -> 2 * layers;
    };
  }

  /** Weights of its dense layers behind the embedding: outputs x inputs. */
  List<Shape> weights() {
    long width = shape.width();
    List<Shape> weights = new ArrayList<>();
    for (int i = 0; i < shape.layers(); i++) {
      weights.add(new Shape(3 * width, width));
      weights.add(new Shape(width, width));
      weights.add(new Shape(shape.hidden(), width));
      weights.add(new Shape(width, shape.hidden()));
    }
    weights.add(new Shape(shape.outputs(), width));
    return weights;
  }

  /** Weights, biases and gains of a block. */
  long parameters(int block) {
    long layer = Math.addExact(shape.attentionParameters(), shape.mlpParameters());
    if (block == 0) {
      return shape.embeddingParameters();
    }
    if (block > fedBlocks()) {
      return Math.addExact(Math.multiplyExact(shape.exactLayers(), layer), shape.headParameters());
    }
    return switch (points) {
      case MACRO -> layer;
      case MICRO -> block % 2 == 1 ? shape.attentionParameters() : shape.mlpParameters();
    };
  }
}

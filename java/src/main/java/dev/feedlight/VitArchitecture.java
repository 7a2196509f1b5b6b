package dev.feedlight;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.io.RecordTree;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.VitNetwork;
import dev.feedlight.nn.VitShape;
import dev.feedlight.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A vision Transformer from maps to maps; a row of a step is a patch, an example all patches of its
 * maps.
 *
 * @param shape extents
 * @param points where signals enter
 */
record VitArchitecture(VitShape shape, FeedbackPoints points) implements Architecture {
  @Override
  public Network build(Device device, Scope scope, InitialWeights weights, long seed) {
    return VitNetwork.build(device, scope, shape, points, weights, seed);
  }

  @Override
  public Network outline() {
    return blocks()
        .outline(new PlannedBlock("embedding", shape.input().patchValues(), shape.width()));
  }

  private TransformerBlocks blocks() {
    return new TransformerBlocks(shape, points);
  }

  @Override
  public long rowsPerExample() {
    return shape.input().patches();
  }

  @Override
  public MapLayout layout() {
    return new MapLayout(shape.input(), shape.output());
  }

  @Override
  public long parameters(int block) {
    return blocks().parameters(block);
  }

  @Override
  public long valuesPerRow(LearningRule rule) {
    return shape.valuesPerToken();
  }

  @Override
  public List<Shape> weights() {
    List<Shape> weights = blocks().weights();
    weights.add(new Shape(shape.width(), shape.input().patchValues()));
    return weights;
  }

  @Override
  public void requireLoss(Loss loss) {
    if (loss != Loss.MEAN_SQUARED_ERROR) {
      throw new IllegalArgumentException(
          "a ViT gives the values of maps: its loss is MEAN_SQUARED_ERROR, not " + loss);
    }
  }

  @Override
  public Map<String, Object> configuration() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("vit", RecordTree.of(shape));
    settings.put("feedback_points", points.name());
    return settings;
  }
}

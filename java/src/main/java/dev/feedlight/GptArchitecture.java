package dev.feedlight;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.io.RecordTree;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.Loss;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GPT; a row of a step is a token, an example a window of them.
 *
 * @param shape extents
 * @param points where signals enter
 * @param tokenizer SHA-256 of the tokenizer whose numbers it learns
 */
record GptArchitecture(GptShape shape, FeedbackPoints points, String tokenizer)
    implements Architecture {
  @Override
  public Network build(Device device, Scope scope, InitialWeights weights, long seed) {
    return GptNetwork.build(device, scope, shape, points, weights, seed);
  }

  @Override
  public Network outline() {
    return blocks().outline(new PlannedBlock("embedding", 1, DType.S32, shape.width()));
  }

  private TransformerBlocks blocks() {
    return new TransformerBlocks(shape, points);
  }

  @Override
  public long rowsPerExample() {
    return shape.context();
  }

  /** None: windows are numbers of tokens. */
  @Override
  public MapLayout layout() {
    return null;
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
    return blocks().weights();
  }

  @Override
  public void requireLoss(Loss loss) {
    if (loss != Loss.SOFTMAX_CROSS_ENTROPY) {
      throw new IllegalArgumentException(
          "a GPT chooses the next token: its loss is SOFTMAX_CROSS_ENTROPY, not " + loss);
    }
  }

  @Override
  public Map<String, Object> configuration() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("gpt", RecordTree.of(shape));
    settings.put("feedback_points", points.name());
    settings.put("tokenizer_sha256", tokenizer);
    return settings;
  }
}

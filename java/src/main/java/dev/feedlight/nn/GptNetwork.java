package dev.feedlight.nn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds GPTs as networks of blocks: embedding, decoder layers, head. Samples are tokens, so a
 * batch is a number of whole sequences times the context; inputs are token numbers (S32), labels
 * the tokens that follow.
 *
 * <p>There is no dropout. Parameters are named as in GPT-2: {@code wte.weight}, {@code wpe.weight},
 * {@code h.0.ln_1.weight} ... {@code ln_f.bias}, {@code lm_head.weight}.
 */
public final class GptNetwork {
  private GptNetwork() {}

  /**
   * Allocates and initialises a GPT. The parameters do not depend on where signals enter.
   *
   * @param device where it lives
   * @param scope owns the parameters
   * @param shape extents
   * @param points what is a block
   * @param weights how large they are at first
   * @param seed of the weights
   * @return its last block is the last decoder layer with the head, its first the embedding
   */
  public static Network build(
      Device device,
      Scope scope,
      GptShape shape,
      FeedbackPoints points,
      InitialWeights weights,
      long seed) {
    return build(new Initializer(device, scope, weights, seed), shape, points);
  }

  /**
   * Allocates a GPT whose weights are read from elsewhere: its matrices are 0, and nothing is
   * drawn.
   *
   * @param device where it lives
   * @param scope owns the parameters
   * @param shape extents
   * @return blocks as with {@link FeedbackPoints#MACRO}
   */
  public static Network blank(Device device, Scope scope, GptShape shape) {
    return build(Initializer.zeros(device, scope), shape, FeedbackPoints.MACRO);
  }

  private static Network build(Initializer initializer, GptShape shape, FeedbackPoints points) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Embedding(initializer, shape.vocabulary(), shape.context(), shape.width()));
    blocks.addAll(TransformerLayers.blocks(initializer, shape, points, "lm_head"));
    return new Network(blocks);
  }
}

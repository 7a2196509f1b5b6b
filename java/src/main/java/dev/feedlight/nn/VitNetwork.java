package dev.feedlight.nn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds vision Transformers (Dosovitskiy et al. 2021) as networks of blocks: patch embedding,
 * layers, head. Samples are patches in the order of {@link PatchGrid}, so a batch is a number of
 * examples times the patches; inputs and outputs are the numbers of a patch. There is no class
 * token, since every token has its part of the result to give, and no dropout.
 *
 * <p>Parameters are named {@code patch.weight}, {@code patch.bias}, {@code wpe.weight}, in the
 * layers as in {@link GptNetwork}, {@code ln_f.weight}, {@code ln_f.bias}, {@code head.weight}.
 */
public final class VitNetwork {
  private VitNetwork() {}

  /**
   * Allocates and initialises a ViT. The parameters do not depend on where signals enter.
   *
   * @param device where it lives
   * @param scope owns the parameters
   * @param shape extents
   * @param points what is a block
   * @param weights how large they are at first
   * @param seed of the weights
   * @return its last block is the last layers with the head, its first the embedding
   */
  public static Network build(
      Device device,
      Scope scope,
      VitShape shape,
      FeedbackPoints points,
      InitialWeights weights,
      long seed) {
    Initializer initializer = new Initializer(device, scope, weights, seed);
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new PatchEmbedding(
            initializer, shape.input().patches(), shape.input().patchValues(), shape.width()));
    blocks.addAll(TransformerLayers.blocks(initializer, shape, points, "head"));
    return new Network(blocks);
  }
}

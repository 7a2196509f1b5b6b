package dev.feedlight.bench.step;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of Fig. 4: input, {@code depth} hidden blocks (tanh) and an output block (identity),
 * all of one width, so {@code depth + 1} square weight matrices.
 */
public final class SquareNetwork {
  private SquareNetwork() {}

  /**
   * Makes it.
   *
   * @param device where it lives
   * @param scope owns its weights
   * @param width of input, hidden blocks and output
   * @param depth hidden blocks
   * @param seed of the weights
   * @return the network
   */
  public static Network build(Device device, Scope scope, long width, int depth, long seed) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i <= depth; i++) {
      Activation activation = i == depth ? Activation.IDENTITY : Activation.TANH;
      blocks.add(new Dense(device, scope, "dense" + (i + 1), width, width, activation, seed, i));
    }
    return new Network(blocks);
  }
}

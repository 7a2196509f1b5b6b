package dev.feedlight.gradient;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import java.util.ArrayList;
import java.util.List;

/** Networks of dense blocks for tests, with biases that are not 0. */
public final class DenseChain {
  private DenseChain() {}

  /**
   * Builds a network with one activation in all blocks but, if wanted, the last.
   *
   * @param widths input, hidden, output
   */
  public static Network build(
      Device device, Scope scope, Activation hidden, Activation last, long seed, int... widths) {
    return build(device, scope, hidden, last, 0, seed, widths);
  }

  /**
   * The same with dropout.
   *
   * @param dropout rate of all blocks but the last
   */
  public static Network build(
      Device device,
      Scope scope,
      Activation hidden,
      Activation last,
      float dropout,
      long seed,
      int... widths) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i + 1 < widths.length; i++) {
      Dense block =
          new Dense(
              device,
              scope,
              "dense" + (i + 1),
              widths[i],
              widths[i + 1],
              i + 2 == widths.length ? last : hidden,
              i + 2 == widths.length ? 0 : dropout,
              seed,
              i);
      Parameter bias = block.parameters().get(1);
      bias.write(RandomValues.normal(seed + i, widths[i + 1], 0.3));
      blocks.add(block);
    }
    return new Network(blocks);
  }
}

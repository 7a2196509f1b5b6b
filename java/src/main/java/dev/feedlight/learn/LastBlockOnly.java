package dev.feedlight.learn;

import dev.feedlight.nn.BlockPass;
import dev.feedlight.nn.Network;

/**
 * Trains the last block by its exact gradient and leaves all others as they were initialised: the
 * paper's SHLW ("shallow") baseline.
 */
public final class LastBlockOnly implements LearningRule {
  @Override
  public String name() {
    return "shlw";
  }

  @Override
  public boolean trains(Network network, int block) {
    return block == network.blocks().size() - 1;
  }

  @Override
  public Feedback bind(Context context) {
    BlockPass last = context.passes().getLast();
    return (ops, target) -> {
      last.backward(ops, context.error(), null);
      last.update(ops, target, context.control());
    };
  }
}

package dev.feedlight.architecture.violating.learn;

import dev.feedlight.architecture.violating.nn.KnowsRule;

/** The other half of a cycle between nn and learn. */
public interface KnowsNetwork {
  /** Returns what closes the cycle. */
  KnowsRule network();
}

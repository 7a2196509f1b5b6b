package dev.feedlight.architecture.violating.nn;

import dev.feedlight.architecture.violating.learn.KnowsNetwork;

/** One half of a cycle between nn and learn. */
public interface KnowsRule {
  /** Returns what closes the cycle. */
  KnowsNetwork rule();
}

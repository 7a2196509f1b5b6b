package dev.feedlight.bench.peers;

import dev.feedlight.bench.results.ResultLine.Rule;

/** What our step is held to: a ratio of medians that must not be exceeded (ours). */
public enum PeerGoal {
  /** Backpropagation on both sides. */
  BP("our BP / libtorch's BP", Rule.BP, Rule.BP, 0.75),
  /** What DFA's fewer products are worth beside the peer's usual way to train. */
  DFA_FOR_BP("our DFA / libtorch's BP", Rule.DFA, Rule.BP, 0.50),
  /** DFA with one shared projection on both sides. */
  DFA("our DFA / libtorch's DFA", Rule.DFA, Rule.DFA, 0.80);

  private final String label;
  private final Rule ours;
  private final Rule theirs;
  private final double most;

  PeerGoal(String label, Rule ours, Rule theirs, double most) {
    this.label = label;
    this.ours = ours;
    this.theirs = theirs;
    this.most = most;
  }

  /** For tables and pictures. */
  public String label() {
    return label;
  }

  /** Numerator. */
  public Rule ours() {
    return ours;
  }

  /** Denominator: the fastest way and setting. */
  public Rule theirs() {
    return theirs;
  }

  /** The largest ratio that meets the goal. */
  public double most() {
    return most;
  }
}

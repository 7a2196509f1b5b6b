package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.results.ResultLine.Rule;

/** A training step that can be run again and again on the same batch. */
interface PeerStep {
  /** What it computes. */
  Rule rule();

  /** How it is written, as in a result line's setting; empty where there is one way only. */
  String variant();

  /** Puts the weights back to where training starts. */
  void reset();

  /** Runs one step. */
  void run(float learningRate);

  /** Loss of the last step, before its update. */
  float loss();
}

package dev.feedlight;

import dev.feedlight.data.BatchOrder;

/** Examples bound to a step: brings them into its tensors, and scores what comes out. */
sealed interface BatchLoader permits RowLoader, WindowLoader {
  /** What messages call the examples. */
  String name();

  /** How many there are. */
  long size();

  /** Tells whether they are the same as in another run. */
  String sha256();

  /** Loads one micro-batch, inputs and targets, from a position of an epoch's order. */
  void load(BatchOrder order, long position);

  /** Loads inputs of consecutive examples; rows behind them keep what stood there before. */
  void loadInputs(long first, int examples);

  /** Scores the outputs of consecutive examples. */
  void score(Scorer scorer, long first, int examples, float[] outputs);
}

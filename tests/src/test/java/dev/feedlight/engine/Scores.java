package dev.feedlight.engine;

import dev.feedlight.DfaEngine;
import dev.feedlight.Evaluation;

/** Loss and accuracy by hand. */
final class Scores {
  private Scores() {}

  /** Evaluates and closes an engine. */
  static Evaluation of(DfaEngine engine, ArrayDataset data) {
    try (engine) {
      return engine.evaluate(data);
    }
  }

  static Evaluation classify(float[] logits, ArrayDataset data) {
    int classes = data.outputs();
    double loss = 0;
    int hits = 0;
    for (int i = 0; i < data.size(); i++) {
      double partition = 0;
      int best = 0;
      for (int c = 0; c < classes; c++) {
        partition += Math.exp(logits[i * classes + c]);
        best = logits[i * classes + c] > logits[i * classes + best] ? c : best;
      }
      loss += Math.log(partition) - logits[i * classes + data.label(i)];
      hits += best == data.label(i) ? 1 : 0;
    }
    return new Evaluation(loss / data.size(), (double) hits / data.size(), data.size());
  }
}

package dev.feedlight.bench.training;

import dev.feedlight.DfaEngine;
import dev.feedlight.RunPosition;
import dev.feedlight.TrainingResult;
import dev.feedlight.data.Examples;

/** How long a run trains. */
public sealed interface RunLength {
  /** Trains that long, from the beginning. */
  TrainingResult train(DfaEngine engine, Examples data);

  /** Steps in all. */
  long steps(long perEpoch);

  /** In epochs or steps. */
  long count();

  /** The length of another run, in the same unit. */
  long countOf(RunPosition other);

  /** The unit, which is also the name of the option. */
  String unit();

  /** In a line of text. */
  String text(long perEpoch);

  /**
   * Passes over all examples.
   *
   * @param count at least 1
   */
  record Epochs(long count) implements RunLength {
    @Override
    public TrainingResult train(DfaEngine engine, Examples data) {
      return engine.train(data, Math.toIntExact(count));
    }

    @Override
    public long steps(long perEpoch) {
      return Math.multiplyExact(perEpoch, count);
    }

    @Override
    public long countOf(RunPosition other) {
      return other.epochs();
    }

    @Override
    public String unit() {
      return "epochs";
    }

    @Override
    public String text(long perEpoch) {
      return count + " epochs of " + perEpoch + " steps";
    }
  }

  /**
   * Steps, whether they are whole epochs or not.
   *
   * @param count at least 1
   */
  record Steps(long count) implements RunLength {
    @Override
    public TrainingResult train(DfaEngine engine, Examples data) {
      return engine.trainSteps(data, count);
    }

    @Override
    public long steps(long perEpoch) {
      return count;
    }

    @Override
    public long countOf(RunPosition other) {
      return other.steps();
    }

    @Override
    public String unit() {
      return "steps";
    }

    @Override
    public String text(long perEpoch) {
      return count + " steps (an epoch has " + perEpoch + ")";
    }
  }
}

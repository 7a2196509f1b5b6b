package dev.feedlight;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.learn.LearningRateSchedule;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.ShapeException;

/**
 * One call of {@code train}: where it stands, and the loop that moves it on. Everything that the
 * loop changes besides the engine's weights and counters is in {@link Progress}, so that a call can
 * be written down after any step and go on elsewhere.
 */
final class TrainingRun {
  /**
   * Where a call stands.
   *
   * @param epochs of the whole call
   * @param steps of the whole call; those of its epochs, or fewer, in which case the last epoch is
   *     cut short
   * @param examples of the training set
   * @param data digest of the training set; null where nobody asked for it
   * @param epochsDone whole epochs of this call
   * @param stepsInEpoch steps of the epoch under way
   * @param lossSum over those steps
   * @param meanLoss of the last whole epoch; NaN before
   * @param seconds that were spent on it
   * @param modelledBefore modelled optical seconds of the engine when the call began
   * @param best lowest held-out loss so far; infinite before
   * @param epochsSinceBest epochs without a better one
   */
  record Progress(
      int epochs,
      long steps,
      long examples,
      String data,
      int epochsDone,
      long stepsInEpoch,
      double lossSum,
      double meanLoss,
      double seconds,
      double modelledBefore,
      double best,
      int epochsSinceBest) {
    /** Whether the call has nothing left to do. */
    boolean ended(EarlyStopping stopping) {
      return epochsDone == epochs || stoppedEarly(stopping);
    }

    private boolean stoppedEarly(EarlyStopping stopping) {
      return stopping != null && epochsSinceBest >= stopping.patience();
    }

    /** Why it ended. */
    TrainingResult.Ending ending(EarlyStopping stopping) {
      if (!ended(stopping)) {
        return TrainingResult.Ending.INTERRUPTED;
      }
      return epochsDone == epochs
          ? TrainingResult.Ending.COMPLETED
          : TrainingResult.Ending.STOPPED_EARLY;
    }

    /** Where it stands, in steps of this many examples. */
    RunPosition position(long batch) {
      return new RunPosition(
          epochs, epochsDone, done(epochsDone, stepsInEpoch, examples / batch, steps), steps);
    }

    static Progress begin(
        int epochs, long steps, BatchLoader data, String digest, double modelledBefore) {
      return new Progress(
          epochs,
          steps,
          data.size(),
          digest,
          0,
          0,
          0,
          Double.NaN,
          0,
          modelledBefore,
          Double.POSITIVE_INFINITY,
          0);
    }
  }

  /** The last epoch can have fewer steps than the others. */
  private static long done(int epochsDone, long stepsInEpoch, long perEpoch, long steps) {
    return Math.min(steps, epochsDone * perEpoch + stepsInEpoch);
  }

  private final DfaEngine engine;
  private final TrainingStep step;
  private final BatchLoader data;
  private final int epochs;
  private final String digest;
  private final double modelledBefore;
  private final long perEpoch;
  private final long total;
  private final double secondsBefore;
  private final long start = System.nanoTime();
  private int epochsDone;
  private long stepsInEpoch;
  private double lossSum;
  private double meanLoss;
  private double best;
  private int epochsSinceBest;

  TrainingRun(DfaEngine engine, BatchLoader data, Progress from) {
    this.engine = engine;
    this.step = engine.step();
    this.data = data;
    this.epochs = from.epochs;
    this.digest = from.data;
    this.modelledBefore = from.modelledBefore;
    this.perEpoch = stepsPerEpoch(data, engine.batch());
    this.total = from.steps;
    this.secondsBefore = from.seconds;
    this.epochsDone = from.epochsDone;
    this.stepsInEpoch = from.stepsInEpoch;
    this.lossSum = from.lossSum;
    this.meanLoss = from.meanLoss;
    this.best = from.best;
    this.epochsSinceBest = from.epochsSinceBest;
  }

  static long stepsPerEpoch(BatchLoader data, long batch) {
    long steps = data.size() / batch;
    if (steps == 0) {
      throw new ShapeException(
          data.name() + " has " + data.size() + " examples, fewer than a batch of " + batch);
    }
    return steps;
  }

  Progress progress() {
    return new Progress(
        epochs,
        total,
        data.size(),
        digest,
        epochsDone,
        stepsInEpoch,
        lossSum,
        meanLoss,
        seconds(),
        modelledBefore,
        best,
        epochsSinceBest);
  }

  /** Trains to the end, or until the engine is told to stop. */
  void run() {
    while (!ended()) {
      long epochStart = System.nanoTime();
      BatchOrder order = new BatchOrder(engine.seed(), engine.epochsDone(), data.size());
      while (!epochEnded()) {
        step(order);
        if (!epochEnded() && stopsHere()) {
          return;
        }
      }
      endEpoch((System.nanoTime() - epochStart) * 1e-9);
      if (!ended() && stopsHere()) {
        return;
      }
    }
  }

  private boolean epochEnded() {
    return stepsInEpoch == perEpoch || stepsDone() == total;
  }

  private boolean ended() {
    return progress().ended(engine.earlyStopping());
  }

  /** Between two steps: writes a checkpoint if one is due, and tells whether to stop. */
  private boolean stopsHere() {
    engine.checkpointIfDue();
    return engine.stopRequested();
  }

  private void step(BatchOrder order) {
    long done = stepsDone();
    int epoch = epochsDone + 1;
    float rate = rate(engine.schedule(), done);
    long batch = engine.batch();
    for (int micro = 0; micro < step.microBatches(); micro++) {
      data.load(order, stepsInEpoch * batch + micro * (batch / step.microBatches()));
      if (micro == 0) {
        engine.probeAlignment(done, epoch);
      }
      step.run(rate, engine.stepsDone(), micro);
      step.observe();
    }
    float loss = step.loss();
    step.requireFinite();
    float gradientNorm = step.gradientNorm();
    engine.countStep();
    stepsInEpoch++;
    lossSum += loss;
    TrainingListener.StepEvent event =
        new TrainingListener.StepEvent(done + 1, total, epoch, loss, gradientNorm, rate, seconds());
    engine.listeners().forEach(listener -> listener.onStep(event));
  }

  private float rate(LearningRateSchedule schedule, long done) {
    float rate = schedule.at(done, total);
    if (!(rate >= 0) || Float.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "the schedule gave a learning rate of " + rate + " at step " + done + " of " + total);
    }
    return rate;
  }

  private void endEpoch(double seconds) {
    step.requireFiniteWeights();
    engine.countEpoch();
    epochsDone++;
    meanLoss = lossSum / stepsInEpoch;
    lossSum = 0;
    stepsInEpoch = 0;
    double heldOut = Double.NaN;
    if (engine.earlyStopping() != null) {
      heldOut = engine.evaluate(engine.earlyStopping().heldOut()).loss();
      boolean better = heldOut < best - engine.earlyStopping().minimumImprovement();
      best = better ? heldOut : best;
      epochsSinceBest = better ? 0 : epochsSinceBest + 1;
    }
    TrainingListener.EpochEvent event =
        new TrainingListener.EpochEvent(epochsDone, epochs, meanLoss, heldOut, seconds);
    engine.listeners().forEach(listener -> listener.onEpoch(event));
  }

  long stepsDone() {
    return done(epochsDone, stepsInEpoch, perEpoch, total);
  }

  double seconds() {
    return secondsBefore + (System.nanoTime() - start) * 1e-9;
  }
}

package dev.feedlight.bench.fig4;

import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.Projector;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;
import java.util.function.Supplier;

/**
 * Measures {@link Rates} in this JVM in a few seconds, at sizes of the preset whose steps take some
 * hundredths of a second.
 *
 * @param preset sizes and warm-up
 * @param device as on the command line
 * @param threads as for the device
 * @param seed of weights, data, feedback and optics
 */
record RatesMeasurement(Preset preset, String device, int threads, long seed) {
  /** With the depth below 18 million weights, more than most caches hold (ours). */
  private static final int MOST_WIDTH = 1024;

  private static final int MOST_DEPTH = 16;
  private static final int MOST_SIZE = 4000;
  private static final int LEAST_RUNS = 3;
  private static final double RUN_SECONDS = 0.25;

  /** The two kinds of optics share most of their code, hence half of the warm-up for each. */
  Rates measure() {
    return new Rates(
        network(new Backpropagation()),
        network(new DirectFeedback(new TernarizeOnly())),
        projection(new RandomMatrix(), preset.digitalWarmUpMillis()),
        projection(optical(TransmissionMatrix.STORED), preset.opticalWarmUpMillis() / 2),
        projection(optical(TransmissionMatrix.PROCEDURAL), preset.opticalWarmUpMillis() / 2));
  }

  private Rates.Rate network(LearningRule rule) {
    int width = Math.min(MOST_WIDTH, preset.widths().getLast());
    int depth = Math.min(MOST_DEPTH, preset.depths().getLast());
    WarmUp.run(preset.digitalWarmUpMillis(), () -> step(rule, WarmUp.NETWORK_WIDTH, WarmUp.DEPTH));
    return rate((depth + 1.0) * width * width, () -> step(rule, width, depth));
  }

  private WarmUp.Work step(LearningRule rule, int width, int depth) {
    return new MlpStep(rule, width, depth, preset.batch(), device, threads, seed);
  }

  private Rates.Rate projection(Projector projector, int warmUpMillis) {
    int size = Math.min(MOST_SIZE, preset.sizes().getLast());
    WarmUp.run(warmUpMillis, () -> call(projector, WarmUp.WIDTH));
    return rate((double) size * size, () -> call(projector, size));
  }

  private WarmUp.Work call(Projector projector, int size) {
    return new ProjectionCall(projector, size, preset.batch(), device, threads, seed);
  }

  private static Projector optical(TransmissionMatrix kind) {
    return new OpticalProjector(OpuSettings.defaults().withMatrix(kind));
  }

  /**
   * First for so long as the iterations of a cell that do not count: small problems leave some of
   * the code uncompiled. Their time is thrown away.
   */
  private Rates.Rate rate(double entries, Supplier<WarmUp.Work> maker) {
    double warmUpSeconds = preset.warmUpIterations() * preset.iterationMillis() * 1e-3;
    long start = System.nanoTime();
    try (WarmUp.Work work = maker.get()) {
      double setUp = secondsSince(start);
      bestSeconds(work, warmUpSeconds);
      return new Rates.Rate(setUp / entries, bestSeconds(work, RUN_SECONDS) / entries);
    }
  }

  /** The best, so that what else the machine does for a moment is not taken for its rate. */
  private static double bestSeconds(WarmUp.Work work, double seconds) {
    double best = Double.POSITIVE_INFINITY;
    long first = System.nanoTime();
    for (int runs = 0; runs < LEAST_RUNS || secondsSince(first) < seconds; runs++) {
      long begin = System.nanoTime();
      work.run();
      best = Math.min(best, secondsSince(begin));
    }
    return best;
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}

package dev.feedlight.bench.fig2;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.TrainingListener;
import dev.feedlight.data.Examples;

/** Measures the step of a run on its first steps, which are thrown away. */
final class StepTrial implements TrainingListener {
  /** Time given to it, in which the JVM compiles what it runs (ours). */
  private static final double SECONDS = 1.5;

  private final long begun = System.nanoTime();
  private DfaEngine engine;
  private long last = System.nanoTime();
  private double shortest = Double.POSITIVE_INFINITY;

  private StepTrial() {}

  /** The shortest step. */
  static double seconds(EngineBuilder builder, Examples data) {
    StepTrial trial = new StepTrial();
    try (DfaEngine built = builder.listener(trial).build()) {
      trial.engine = built;
      trial.last = System.nanoTime();
      built.train(data, 1);
    }
    return trial.shortest;
  }

  @Override
  public void onStep(StepEvent event) {
    long now = System.nanoTime();
    shortest = Math.min(shortest, (now - last) * 1e-9);
    last = now;
    if ((now - begun) * 1e-9 > SECONDS) {
      engine.stop();
    }
  }
}

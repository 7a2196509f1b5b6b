package dev.feedlight.bench.training;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.TrainingListener;
import dev.feedlight.data.Examples;

/** Measures the step of a run on its first steps, which are thrown away. */
public final class StepTrial implements TrainingListener {
  /** Until then the JVM has compiled what it runs (ours). */
  private static final double LEAST_SECONDS = 1.5;

  private static final int STEPS = 30;

  /** Fewer where these take longer, but so many that not all of them are the first (ours). */
  private static final double MOST_SECONDS = 10;

  private static final int LEAST_STEPS = 10;

  private final long begun = System.nanoTime();
  private DfaEngine engine;
  private long last = System.nanoTime();
  private double shortest = Double.POSITIVE_INFINITY;

  private StepTrial() {}

  /** The shortest step. */
  public static double seconds(EngineBuilder builder, Examples data) {
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
    double passed = (now - begun) * 1e-9;
    long steps = passed > MOST_SECONDS ? LEAST_STEPS : STEPS;
    if (passed > LEAST_SECONDS && event.step() >= steps) {
      engine.stop();
    }
  }
}

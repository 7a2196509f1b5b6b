package dev.feedlight.bench.fig4;

/**
 * JMH's iterations for one cell, in each of its JVMs. An iteration holds at least one step, however
 * long that is.
 *
 * @param warmUps iterations that do not count
 * @param iterations iterations that count
 * @param millis length of an iteration, but for the call under way at its end
 * @param replays steps of a call, after which the host waits once
 */
record Schedule(int warmUps, int iterations, int millis, int replays) {
  /**
   * On a device with a queue of its own: a wait after every step would be measured with it, where
   * training waits rarely. More change nothing that can be measured (ours).
   */
  private static final int MOST_REPLAYS = 16;

  /** Calls of an iteration at least, so that its end is met (ours). */
  private static final int LEAST_CALLS = 4;

  /** Where steps are longer than an iteration, the counted ones may take so long (ours). */
  private static final double LONG_SECONDS = 5;

  /**
   * From this length on a step is not warmed up: what its first run has to compile and to page in
   * beyond the small problem of {@link WarmUp} takes less than a second (ours).
   */
  private static final double COLD_SECONDS = 20;

  /** One step per call. */
  Schedule(int warmUps, int iterations, int millis) {
    this(warmUps, iterations, millis, 1);
  }

  /** The preset's numbers, or fewer iterations where one step is longer than an iteration. */
  static Schedule of(Preset preset, double stepSeconds) {
    return of(preset, stepSeconds, "cpu");
  }

  /** The same for a device, by its short name. */
  static Schedule of(Preset preset, double stepSeconds, String device) {
    if (stepSeconds * 1e3 <= preset.iterationMillis()) {
      double fit = preset.iterationMillis() * 1e-3 / (LEAST_CALLS * stepSeconds);
      int replays = device.equals("cpu") ? 1 : (int) Math.clamp(fit, 1, MOST_REPLAYS);
      return new Schedule(
          preset.warmUpIterations(), preset.iterations(), preset.iterationMillis(), replays);
    }
    long fit = Math.round(LONG_SECONDS / stepSeconds);
    int iterations = Math.toIntExact(Math.clamp(fit, 1L, (long) preset.iterations()));
    int warmUps = stepSeconds >= COLD_SECONDS ? 0 : Math.min(preset.warmUpIterations(), iterations);
    return new Schedule(warmUps, iterations, preset.iterationMillis());
  }

  /** Time of all iterations in one JVM: whole steps, as many as an iteration begins. */
  double seconds(double stepSeconds) {
    double begun = Math.max(1, Math.ceil(millis * 1e-3 / stepSeconds));
    double iteration = stepSeconds * 1e3 < millis ? millis * 1e-3 : begun * stepSeconds;
    return (warmUps + iterations) * iteration;
  }
}

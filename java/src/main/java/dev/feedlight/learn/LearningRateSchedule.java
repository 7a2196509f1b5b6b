package dev.feedlight.learn;

/** Learning rate as a function of the step. */
@FunctionalInterface
public interface LearningRateSchedule {
  /**
   * The learning rate of a step.
   *
   * @param step from 0
   * @param steps number of steps of the whole run, at least 1
   * @return the rate, finite and at least 0
   */
  float at(long step, long steps);

  /**
   * The same rate always.
   *
   * @param rate learning rate
   * @return the schedule
   */
  static LearningRateSchedule constant(double rate) {
    float value = checked(rate);
    return (step, steps) -> value;
  }

  /**
   * Falls from {@code rate} to 0 along half a cosine (Loshchilov and Hutter 2017, one cycle).
   *
   * @param rate learning rate of the first step
   * @return the schedule
   */
  static LearningRateSchedule cosine(double rate) {
    checked(rate);
    return (step, steps) -> (float) (rate * 0.5 * (1 + Math.cos(Math.PI * step / steps)));
  }

  /**
   * Falls from {@code rate} to 0 in a straight line.
   *
   * @param rate learning rate of the first step
   * @return the schedule
   */
  static LearningRateSchedule linear(double rate) {
    checked(rate);
    return (step, steps) -> (float) (rate * (1 - (double) step / steps));
  }

  /**
   * Rises in a straight line during the first steps, then follows this schedule.
   *
   * @param warmUpSteps number of steps, at least 0
   * @return the schedule
   */
  default LearningRateSchedule warmedUp(long warmUpSteps) {
    if (warmUpSteps < 0) {
      throw new IllegalArgumentException("warm-up of " + warmUpSteps + " steps");
    }
    return (step, steps) ->
        step < warmUpSteps ? at(step, steps) * (step + 1) / (warmUpSteps + 1) : at(step, steps);
  }

  private static float checked(double rate) {
    if (!(rate >= 0) || rate > Float.MAX_VALUE) {
      throw new IllegalArgumentException("learning rate must be finite and >= 0, not " + rate);
    }
    return (float) rate;
  }
}

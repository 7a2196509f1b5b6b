package dev.feedlight.learn;

import java.util.List;

/** The four rules by their names on the command line. */
public final class LearningRules {
  /** Names, in the order of the paper's comparisons. */
  public static final List<String> NAMES = List.of("bp", "dfa", "odfa", "shlw");

  private LearningRules() {}

  /**
   * A rule with its defaults.
   *
   * @param name {@code bp}, {@code dfa}, {@code odfa} or {@code shlw}
   * @return the rule
   * @throws IllegalArgumentException if there is none of that name; the message lists them
   */
  public static LearningRule named(String name) {
    return switch (name) {
      case "bp" -> new Backpropagation();
      case "dfa" -> new DirectFeedback(new RandomMatrix());
      case "odfa" -> new DirectFeedback(new OpticalProjector());
      case "shlw" -> new LastBlockOnly();
      default ->
          throw new IllegalArgumentException(
              "no learning rule is called " + name + "; there are " + NAMES);
    };
  }
}

package dev.feedlight.bench.cli;

import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.FeedbackPoints;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where signals enter a Transformer. */
final class FeedbackOptions {
  private static final String NAME = "--feedback";

  @Option(
      names = NAME,
      paramLabel = "POINTS",
      defaultValue = "micro",
      description =
          "Where signals enter (dfa, odfa): macro, one per layer; micro, one at attention and one"
              + " at the MLP of each. Default: ${DEFAULT-VALUE}.")
  private String points;

  /** Refuses the option with a rule that sends no signals. */
  void check(CommandSpec spec, LearningRule rule) {
    if (!(rule instanceof DirectFeedback)) {
      Arguments.refuse(spec, "with --rule " + rule.name(), List.of(NAME));
    }
  }

  FeedbackPoints points() {
    return Arguments.constant(NAME, FeedbackPoints.class, points);
  }
}

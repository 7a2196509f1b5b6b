package dev.feedlight.bench.cli;

import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.ProjectedError;
import dev.feedlight.learn.Projector;
import dev.feedlight.learn.RandomMatrix;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How each block gets its feedback, and the optics where there are any. */
final class RuleOptions {
  @Option(
      names = "--rule",
      paramLabel = "RULE",
      required = true,
      description =
          "bp: backpropagation; dfa: direct feedback alignment; odfa: the same by emulated optics;"
              + " shlw: the last block alone.")
  private String rule;

  @Option(
      names = "--subtract-batch-mean",
      description = "Take the mean over the batch out of the projected signal (dfa, odfa).")
  private boolean subtractBatchMean;

  @Mixin private final OpticsOptions optics = new OpticsOptions();

  LearningRule rule(CommandSpec spec) {
    Arguments.oneOf("--rule", LearningRules.NAMES, rule);
    String because = "with --rule " + rule;
    if (!rule.equals("odfa")) {
      OpticsOptions.refuseAll(spec, because);
    }
    return switch (rule) {
      case "dfa" -> direct(new RandomMatrix());
      case "odfa" -> direct(optics.projector(spec));
      default -> {
        Arguments.refuse(spec, because, List.of("--subtract-batch-mean"));
        yield LearningRules.named(rule);
      }
    };
  }

  private LearningRule direct(Projector projector) {
    return new DirectFeedback(projector, ProjectedError.OUTPUT, subtractBatchMean);
  }

  /** The optics of a rule, or null. */
  static OpticalProjector optics(LearningRule rule) {
    return rule instanceof DirectFeedback(OpticalProjector projector, _, _) ? projector : null;
  }
}

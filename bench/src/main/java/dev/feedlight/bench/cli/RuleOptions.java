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

  @Option(
      names = "--project",
      paramLabel = "GRADIENT",
      defaultValue = "output",
      description =
          "What is projected (dfa, odfa): output, the gradient at the network's output; last-input,"
              + " the one at the last block's input. Default: ${DEFAULT-VALUE}.")
  private String project;

  @Mixin private final ProjectorOptions projectorOptions = new ProjectorOptions();

  LearningRule rule(CommandSpec spec) {
    Arguments.oneOf("--rule", LearningRules.NAMES, rule);
    String because = "with --rule " + rule;
    if (!rule.equals("odfa")) {
      Arguments.refuse(spec, because, ProjectorOptions.names());
    }
    return switch (rule) {
      case "dfa" -> direct(new RandomMatrix());
      case "odfa" -> direct(projectorOptions.projector(spec));
      default -> {
        Arguments.refuse(spec, because, List.of("--subtract-batch-mean", "--project"));
        yield LearningRules.named(rule);
      }
    };
  }

  private LearningRule direct(Projector projector) {
    return new DirectFeedback(projector, projected(), subtractBatchMean);
  }

  private ProjectedError projected() {
    return switch (Arguments.oneOf("--project", List.of("output", "last-input"), project)) {
      case "last-input" -> ProjectedError.LAST_BLOCK_INPUT;
      default -> ProjectedError.OUTPUT;
    };
  }

  /** The rule with its optics and what is not the default, in one line. */
  static String describe(LearningRule rule) {
    OpticalProjector optics = optics(rule);
    StringBuilder text = new StringBuilder(rule.name());
    if (optics != null) {
      text.append(": ").append(ProjectorOptions.describe(optics));
    }
    if (rule instanceof DirectFeedback direct) {
      text.append(direct.projected() == ProjectedError.OUTPUT ? "" : ", last-input projected");
      text.append(direct.subtractBatchMean() ? ", batch mean subtracted" : "");
    }
    return text.toString();
  }

  /** The optics of a rule, or null. */
  static OpticalProjector optics(LearningRule rule) {
    return rule instanceof DirectFeedback(OpticalProjector projector, _, _) ? projector : null;
  }
}

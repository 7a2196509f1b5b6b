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
      paramLabel = "on|off",
      arity = "0..1",
      fallbackValue = "on",
      description =
          "Take the mean over the batch out of the projected signal (dfa, odfa). Default: off, of a"
              + " GPT on.")
  private String subtractBatchMean;

  @Option(
      names = "--project",
      paramLabel = "GRADIENT",
      description =
          "What is projected (dfa, odfa): output, the gradient at the network's output; last-input,"
              + " the one at the last block's input. Default: output.")
  private String project;

  @Mixin private final ProjectorOptions projectorOptions = new ProjectorOptions();

  private final DirectFeedback usual;

  private RuleOptions(DirectFeedback usual) {
    this.usual = usual;
  }

  /** For networks that take numbers. */
  static RuleOptions ofNumbers() {
    return new RuleOptions(new DirectFeedback(new RandomMatrix()));
  }

  /**
   * For GPTs (ours): the ternary error of frequent tokens has a mean that would drive all blocks.
   */
  static RuleOptions ofTokens() {
    return new RuleOptions(new DirectFeedback(new RandomMatrix(), ProjectedError.OUTPUT, true));
  }

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
    boolean subtract =
        subtractBatchMean == null
            ? usual.subtractBatchMean()
            : Arguments.oneOf("--subtract-batch-mean", List.of("on", "off"), subtractBatchMean)
                .equals("on");
    return new DirectFeedback(projector, projected(), subtract);
  }

  private ProjectedError projected() {
    if (project == null) {
      return usual.projected();
    }
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

  /** What a rule projects, as its option says it; null where it projects nothing. */
  static String projectedName(LearningRule rule) {
    return rule instanceof DirectFeedback direct
        ? direct.projected() == ProjectedError.OUTPUT ? "output" : "last-input"
        : null;
  }

  /** Whether a rule takes the mean out of its signal; null where it has none. */
  static Boolean subtractsBatchMean(LearningRule rule) {
    return rule instanceof DirectFeedback direct ? direct.subtractBatchMean() : null;
  }

  /** The optics of a rule, or null. */
  static OpticalProjector optics(LearningRule rule) {
    return rule instanceof DirectFeedback(OpticalProjector projector, _, _) ? projector : null;
  }
}

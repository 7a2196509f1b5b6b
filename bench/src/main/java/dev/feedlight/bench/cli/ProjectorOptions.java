package dev.feedlight.bench.cli;

import dev.feedlight.device.TernaryRule;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.SignalScale;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** How an error becomes light and light a signal, where networks are trained by optics. */
final class ProjectorOptions {
  @Mixin private final OpticsOptions optics = new OpticsOptions();

  @Option(
      names = "--ternary",
      paramLabel = "RULE",
      converter = TernaryRuleConverter.class,
      description =
          "How errors become mirrors: rms:NUMBER, max:NUMBER, absolute:NUMBER, sign, stochastic."
              + " Default: stochastic.")
  private TernaryRule ternary;

  @Option(
      names = "--signal-scale",
      paramLabel = "SCALE",
      converter = SignalScaleConverter.class,
      description =
          "Amplitude of the signal: norm[:GAIN], as large as the sample's error;"
              + " calibrated[:GAIN], the camera's, whatever the size of the error. Default: norm.")
  private SignalScale scale;

  /** Names of all options here and of the optics, for refusals with other rules. */
  static List<String> names() {
    return CommandSpec.forAnnotatedObject(new ProjectorOptions()).options().stream()
        .map(OptionSpec::longestName)
        .toList();
  }

  OpticalProjector projector(CommandSpec spec) {
    OpticalProjector usual = new OpticalProjector(optics.settings(spec));
    return new OpticalProjector(
        usual.opu(),
        ternary == null ? usual.ternaryRule() : ternary,
        scale == null ? usual.scale() : scale);
  }

  /** The unit, the ternary rule, and the scale if it is not the default, in one line. */
  static String describe(OpticalProjector projector) {
    String text =
        OpticsOptions.describe(projector.opu())
            + ", ternary "
            + TernaryRuleConverter.text(projector.ternaryRule());
    return projector.scale().equals(new OpticalProjector(projector.opu()).scale())
        ? text
        : text + ", signal " + SignalScaleConverter.text(projector.scale());
  }
}

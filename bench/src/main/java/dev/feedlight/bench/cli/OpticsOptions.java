package dev.feedlight.bench.cli;

import dev.feedlight.device.TernaryRule;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.opu.Camera;
import dev.feedlight.opu.OpuClock;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Knobs of the emulated optics. */
final class OpticsOptions {
  private static final List<String> NAMES =
      List.of("--optics", "--transmission", "--bits", "--noise", "--ternary", "--clock");

  @Option(
      names = "--optics",
      paramLabel = "UNIT",
      defaultValue = "default",
      description =
          "default: an 8-bit camera with the noise of a real unit; ideal: every imperfection off."
              + " Default: ${DEFAULT-VALUE}.")
  private String optics;

  @Option(
      names = "--transmission",
      paramLabel = "KIND",
      defaultValue = "procedural",
      description =
          "procedural: the matrix is made again for every projection; stored: it is kept in memory."
              + " The same entries. Default: ${DEFAULT-VALUE}.")
  private String transmission;

  @Option(
      names = "--bits",
      paramLabel = "N",
      description = "Resolution of the camera, 1 to 16. Default: 8.")
  private Integer bits;

  @Option(
      names = "--noise",
      paramLabel = "on|off",
      defaultValue = "on",
      description = "Shot and read noise of the camera. Default: ${DEFAULT-VALUE}.")
  private String noise;

  @Option(
      names = "--ternary",
      paramLabel = "RULE",
      converter = TernaryRuleConverter.class,
      description =
          "How errors become mirrors: rms:NUMBER, max:NUMBER, absolute:NUMBER, sign, stochastic."
              + " Default: rms:0.99.")
  private TernaryRule ternary;

  @Option(
      names = "--clock",
      paramLabel = "NAME",
      description =
          "Model of the optics' time: paper-fig4, paper-frames, paper-language, lighton-2020."
              + " Default: paper-fig4.")
  private String clock;

  /** Optical options have no effect on other rules. */
  static void refuseAll(CommandSpec spec, String because) {
    Arguments.refuse(spec, because, NAMES);
  }

  OpticalProjector projector(CommandSpec spec) {
    boolean ideal =
        Arguments.oneOf("--optics", List.of("default", "ideal"), optics).equals("ideal");
    if (ideal) {
      Arguments.refuse(spec, "with --optics ideal", List.of("--bits", "--noise"));
    }
    OpuSettings unit = ideal ? OpuSettings.ideal() : OpuSettings.defaults();
    Camera camera = unit.camera();
    if (bits != null) {
      Camera coarse = camera;
      camera = Arguments.accepted("--bits", () -> coarse.withBits(bits));
    }
    if (Arguments.oneOf("--noise", List.of("on", "off"), noise).equals("off")) {
      camera = camera.withNoise(0, 0);
    }
    unit = unit.withCamera(camera).withMatrix(matrix());
    if (clock != null) {
      unit = unit.withClock(Arguments.accepted("--clock", () -> OpuClock.preset(clock)));
    }
    return new OpticalProjector(
        unit,
        ternary == null ? OpticalProjector.DEFAULT_RULE : ternary,
        new SignalScale.ErrorNorm(1));
  }

  private TransmissionMatrix matrix() {
    return switch (Arguments.oneOf(
        "--transmission", List.of("procedural", "stored"), transmission)) {
      case "stored" -> TransmissionMatrix.STORED;
      default -> TransmissionMatrix.PROCEDURAL;
    };
  }

  /** The unit in one line. */
  static String describe(OpticalProjector projector) {
    Camera camera = projector.opu().camera();
    String resolution = camera.quantised() ? camera.bits() + " bits" : "not quantised";
    boolean noisy = camera.readNoise() > 0 || camera.shotNoise() > 0;
    return projector.opu().matrix()
        + " matrix, camera "
        + resolution
        + ", noise "
        + (noisy ? "on" : "off")
        + ", ternary "
        + TernaryRuleConverter.text(projector.ternaryRule())
        + ", clock "
        + projector.opu().clock().name();
  }
}

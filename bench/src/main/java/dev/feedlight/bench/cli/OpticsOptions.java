package dev.feedlight.bench.cli;

import dev.feedlight.opu.Camera;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.LinearReadout;
import dev.feedlight.opu.OpuClock;
import dev.feedlight.opu.OpuPreset;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import dev.feedlight.opu.Sensor;
import dev.feedlight.opu.TransmissionMatrix;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The emulated unit: one by name, and knobs that change it. What is not given is the unit's. */
final class OpticsOptions {
  private static final List<TransmissionMatrix> MACROPIXELS =
      List.of(TransmissionMatrix.PROCEDURAL, TransmissionMatrix.STORED);

  @Option(
      names = "--optics",
      paramLabel = "UNIT",
      defaultValue = "default",
      description =
          "default: an 8-bit camera with the noise of a real unit; ideal: every imperfection off;"
              + " paper-fig4, paper-language, paper-frames: the default with that clock;"
              + " lighton-2020: macropixels and the clock of LightOn's driver."
              + " Default: ${DEFAULT-VALUE}.")
  private String optics;

  @Option(
      names = {"--transmission", "--matrix"},
      paramLabel = "KIND",
      description =
          "procedural: the matrix is made again for every projection; stored: the same entries in"
              + " memory; structured: fast Hadamard products, another matrix; gaussian32: fp32"
              + " entries in memory, another matrix; curand: fp32 entries by cuRAND, with --device"
              + " cuda. Default: procedural.")
  private String transmission;

  @Option(
      names = "--macropixels",
      paramLabel = "on|off",
      arity = "0..1",
      fallbackValue = "on",
      description =
          "Spread an input over as many of the 912 x 1140 mirrors as there are for it. Default:"
              + " off, on with lighton-2020.")
  private String macropixels;

  @Option(
      names = "--bits",
      paramLabel = "N",
      description = "Resolution of the camera, 1 to 16. Default: 8.")
  private Integer bits;

  @Option(
      names = "--mean-anchor",
      paramLabel = "LEVEL",
      description =
          "Exposure: mean of the frame with all mirrors on, as a fraction of full scale."
              + " Default: 0.25.")
  private Double meanAnchor;

  @Option(
      names = "--noise",
      paramLabel = "on|off",
      description = "Shot and read noise of the camera. Default: on.")
  private String noise;

  @Option(
      names = "--dark-offset",
      paramLabel = "STEPS",
      description = "What a pixel shows without light, in steps of an 8-bit camera. Default: 0.")
  private Double darkOffset;

  @Option(
      names = "--hot-pixels",
      paramLabel = "SHARE",
      description = "Share of pixels that are always at full scale. Default: 0.")
  private Double hotPixels;

  @Option(
      names = "--dead-pixels",
      paramLabel = "SHARE",
      description = "Share of pixels that see nothing. Default: 0.")
  private Double deadPixels;

  @Option(
      names = "--select",
      paramLabel = "RATIO",
      arity = "0..1",
      fallbackValue = "" + PixelSelection.DEFAULT_OVERSAMPLING,
      description =
          "Read RATIO (without a number: ${FALLBACK-VALUE}) pixels per output and keep those whose"
              + " anchor is above 5 %% of full scale and not saturated. Default: every pixel.")
  private Double oversampling;

  @Option(
      names = "--floor",
      paramLabel = "COUNTS",
      description =
          "Smallest anchor that is divided by, in counts or 8-bit steps, whichever is larger; 0:"
              + " off. Default: 1.")
  private Double floor;

  @Option(
      names = "--bias-removal",
      paramLabel = "on|off",
      description = "Take the mean of the real matrix out of every sample. Default: on.")
  private String biasRemoval;

  @Option(
      names = "--drift",
      paramLabel = "PROJECTIONS",
      description =
          "The medium decorrelates to 1/e after so many projections. Default: it does not.")
  private Double drift;

  @Option(
      names = "--recalibrate",
      paramLabel = "N",
      description = "With --drift: measure the anchor every N projections. Default: 0, never.")
  private Long recalibrate;

  @Option(
      names = "--clock",
      paramLabel = "NAME",
      description =
          "Model of the optics' time: paper-fig4, paper-frames, paper-language, lighton-2020."
              + " Default: the unit's, else paper-fig4.")
  private String clock;

  /** Names of all options here, for refusals where there are no optics. */
  static List<String> names() {
    return CommandSpec.forAnnotatedObject(new OpticsOptions()).options().stream()
        .map(OptionSpec::longestName)
        .toList();
  }

  /** The name of the unit before anything was changed. */
  String unit() {
    return optics;
  }

  /**
   * The unit.
   *
   * @throws UsageException if a value or a combination is refused
   */
  OpuSettings settings(CommandSpec spec) {
    List<String> units = OpuPreset.all().stream().map(OpuPreset::name).toList();
    OpuSettings unit = OpuPreset.named(Arguments.oneOf("--optics", units, optics)).settings();
    if (!unit.camera().quantised()) {
      // Without steps, noise and an upper end, light only changes the unit of a count.
      Arguments.refuse(
          spec,
          "with --optics " + optics,
          List.of("--bits", "--noise", "--mean-anchor", "--dark-offset", "--select"));
    }
    if (drift == null) {
      Arguments.refuse(spec, "without --drift", List.of("--recalibrate"));
    }
    unit = changed(unit, "--transmission", transmission, (u, v) -> u.withMatrix(matrix(v)));
    unit = changed(unit, "--macropixels", onOff("--macropixels", macropixels), this::macropixels);
    unit = camera(unit);
    unit = sensor(unit);
    unit = readout(unit);
    unit = changed(unit, "--drift", drift, (u, v) -> u.withDrift(new Drift(v, 0)));
    unit = changed(unit, "--recalibrate", recalibrate, this::recalibrated);
    unit = changed(unit, "--clock", clock, (u, v) -> u.withClock(OpuClock.preset(v)));
    requireSums(unit);
    return unit;
  }

  private OpuSettings camera(OpuSettings given) {
    OpuSettings unit = given;
    unit = changed(unit, "--bits", bits, (u, v) -> u.withCamera(u.camera().withBits(v)));
    unit =
        changed(
            unit,
            "--mean-anchor",
            meanAnchor,
            (u, v) -> u.withCamera(u.camera().withMeanAnchorLevel(v)));
    return Boolean.FALSE.equals(onOff("--noise", noise))
        ? unit.withCamera(unit.camera().withNoise(0, 0))
        : unit;
  }

  private OpuSettings sensor(OpuSettings given) {
    OpuSettings unit = given;
    unit =
        changed(
            unit,
            "--dark-offset",
            darkOffset,
            (u, v) -> u.withSensor(u.sensor().withDarkOffset(v)));
    unit =
        changed(
            unit,
            "--hot-pixels",
            hotPixels,
            (u, v) -> u.withSensor(u.sensor().withDefects(v, u.sensor().deadPixels())));
    return changed(
        unit,
        "--dead-pixels",
        deadPixels,
        (u, v) -> u.withSensor(u.sensor().withDefects(u.sensor().hotPixels(), v)));
  }

  private OpuSettings readout(OpuSettings given) {
    OpuSettings unit = given;
    unit =
        changed(
            unit,
            "--floor",
            floor,
            (u, v) ->
                u.withReadout(
                    new LinearReadout(v, u.readout().removeAnchorBias(), u.readout().selection())));
    unit =
        changed(
            unit,
            "--bias-removal",
            onOff("--bias-removal", biasRemoval),
            (u, v) -> u.withReadout(u.readout().withBiasRemoval(v)));
    return changed(
        unit,
        "--select",
        oversampling,
        (u, v) ->
            u.withReadout(
                u.readout()
                    .withSelection(new PixelSelection(v, PixelSelection.DEFAULT_MINIMUM_LEVEL))));
  }

  private OpuSettings macropixels(OpuSettings unit, boolean on) {
    return unit.withDmd(unit.dmd().withMacropixels(on));
  }

  private OpuSettings recalibrated(OpuSettings unit, long every) {
    return unit.withDrift(new Drift(unit.drift().projections(), every));
  }

  private static TransmissionMatrix matrix(String name) {
    List<TransmissionMatrix> kinds = List.of(TransmissionMatrix.values());
    List<String> names = kinds.stream().map(TransmissionMatrix::toString).toList();
    return kinds.get(names.indexOf(Arguments.oneOf("--transmission", names, name)));
  }

  private static void requireSums(OpuSettings unit) {
    if (unit.dmd().macropixels() && !MACROPIXELS.contains(unit.matrix())) {
      throw new UsageException(
          "--transmission "
              + unit.matrix()
              + " cannot have macropixels, procedural and stored can; or give --macropixels off");
    }
  }

  private static Boolean onOff(String option, String value) {
    return value == null ? null : Arguments.oneOf(option, List.of("on", "off"), value).equals("on");
  }

  private static <T> OpuSettings changed(
      OpuSettings unit, String option, T value, BiFunction<OpuSettings, T, OpuSettings> change) {
    return value == null ? unit : Arguments.accepted(option, () -> change.apply(unit, value));
  }

  /** Matrix, camera and clock, and what else is not as in the default unit, in one line. */
  static String describe(OpuSettings unit) {
    OpuSettings usual = OpuSettings.defaults();
    Camera camera = unit.camera();
    List<String> parts = new ArrayList<>();
    parts.add(unit.matrix() + " matrix");
    parts.add("camera " + (camera.quantised() ? camera.bits() + " bits" : "not quantised"));
    boolean noisy = camera.readNoise() > 0 || camera.shotNoise() > 0;
    parts.add("noise " + (noisy ? "on" : "off"));
    if (camera.meanAnchorLevel() != usual.camera().meanAnchorLevel()) {
      parts.add("mean anchor " + number(camera.meanAnchorLevel()));
    }
    Stream.of(flaws(unit.sensor()), readout(unit.readout(), usual.readout()), drift(unit.drift()))
        .forEach(parts::addAll);
    if (unit.dmd().macropixels()) {
      parts.add("macropixels");
    }
    parts.add("clock " + unit.clock().name());
    return String.join(", ", parts);
  }

  private static List<String> flaws(Sensor sensor) {
    List<String> parts = new ArrayList<>();
    if (sensor.darkOffset() > 0) {
      parts.add("dark offset " + number(sensor.darkOffset()));
    }
    if (sensor.hotPixels() > 0) {
      parts.add("hot pixels " + number(sensor.hotPixels()));
    }
    if (sensor.deadPixels() > 0) {
      parts.add("dead pixels " + number(sensor.deadPixels()));
    }
    return parts;
  }

  private static List<String> readout(LinearReadout readout, LinearReadout usual) {
    List<String> parts = new ArrayList<>();
    if (readout.selection().selects()) {
      parts.add("selection from " + number(readout.selection().oversampling()) + " x pixels");
    }
    if (readout.anchorFloor() != usual.anchorFloor()) {
      parts.add("floor " + number(readout.anchorFloor()));
    }
    if (!readout.removeAnchorBias()) {
      parts.add("bias kept");
    }
    return parts;
  }

  private static List<String> drift(Drift drift) {
    if (!drift.drifts()) {
      return List.of();
    }
    String every =
        drift.recalibration() == 0 ? "never" : "every " + drift.recalibration() + " projections";
    return List.of(
        "drift over " + number(drift.projections()) + " projections, recalibrated " + every);
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}

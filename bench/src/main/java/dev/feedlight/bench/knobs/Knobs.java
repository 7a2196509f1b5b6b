package dev.feedlight.bench.knobs;

import dev.feedlight.bench.knobs.Knob.Setting;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.learn.SignalScale;
import dev.feedlight.opu.Camera;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.LinearReadout;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import dev.feedlight.opu.TransmissionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The knobs of the optics. */
final class Knobs {
  private static final Configuration DEFAULT = Configuration.DEFAULT;

  private Knobs() {}

  /**
   * All knobs.
   *
   * @param projections of a whole training run, in which a drifting medium decorrelates
   */
  static List<Knob> all(long projections) {
    return List.of(
        bits(),
        noise(),
        exposure(),
        ternary(),
        scale(),
        switches(),
        matrix(),
        drift("drift", "drift: decorrelation times per run", projections, 0),
        drift(
            "drift-recalibrated",
            "the same, anchor measured 50 times",
            projections,
            Math.max(1, projections / 50)));
  }

  private static Knob bits() {
    return numbers(
        "bits",
        "camera resolution, bits",
        bits -> camera(camera -> camera.withBits((int) bits)),
        1,
        2,
        3,
        4,
        6,
        8,
        10,
        12);
  }

  private static Knob noise() {
    Camera camera = Camera.defaults();
    return numbers(
        "noise",
        "read and shot noise, times the default's",
        factor ->
            camera(
                c ->
                    c.withNoise(factor * camera.readNoise(), factor * factor * camera.shotNoise())),
        0,
        1,
        2,
        4,
        8,
        16);
  }

  private static Knob exposure() {
    return numbers(
        "mean-anchor",
        "mean anchor, counts of 256",
        counts -> camera(camera -> camera.withMeanAnchorLevel(counts / 256)),
        2,
        8,
        16,
        32,
        64,
        128,
        200,
        256);
  }

  private static Knob ternary() {
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting("sign", DEFAULT.ternary(new TernaryRule.Sign())));
    for (float factor : new float[] {0.3f, 0.6f, 0.99f, 1.5f, 2f}) {
      TernaryRule rule = new TernaryRule.RelativeToRms(factor);
      settings.add(new Setting(text(factor), DEFAULT.ternary(rule)));
    }
    for (float fraction : new float[] {0.1f, 0.5f}) {
      TernaryRule rule = new TernaryRule.RelativeToMax(fraction);
      settings.add(new Setting("m" + text(fraction), DEFAULT.ternary(rule)));
    }
    settings.add(new Setting("rand", DEFAULT.ternary(new TernaryRule.Stochastic())));
    return new Knob("ternary", "ternary rule: threshold over rms, or over max (m)", settings);
  }

  private static Knob scale() {
    List<Setting> settings = new ArrayList<>();
    for (float gain : new float[] {0.3f, 1, 3}) {
      settings.add(new Setting(text(gain), DEFAULT.scale(new SignalScale.ErrorNorm(gain))));
    }
    for (float gain : new float[] {0.3f, 1, 3}) {
      settings.add(new Setting("c" + text(gain), DEFAULT.scale(new SignalScale.Calibrated(gain))));
    }
    return new Knob("scale", "amplitude: gain on the error's norm, or as calibrated (c)", settings);
  }

  private static Knob switches() {
    return new Knob(
        "switches",
        "read-out and camera, one change each",
        List.of(
            new Setting("default", DEFAULT),
            new Setting("ideal", DEFAULT.unit(_ -> OpuSettings.ideal())),
            new Setting("bias", readout(unit -> unit.readout().withBiasRemoval(false))),
            new Setting("mean", DEFAULT.batchMean(true)),
            new Setting(
                "select", readout(unit -> unit.readout().withSelection(PixelSelection.bright()))),
            new Setting(
                "macro", DEFAULT.unit(unit -> unit.withDmd(unit.dmd().withMacropixels(true)))),
            new Setting(
                "defects",
                DEFAULT.unit(unit -> unit.withSensor(unit.sensor().withDefects(0.005, 0.005))))));
  }

  private static Knob matrix() {
    List<Setting> settings = new ArrayList<>();
    for (TransmissionMatrix matrix : TransmissionMatrix.values()) {
      if (matrix.everywhere()) {
        settings.add(new Setting(matrix.toString(), DEFAULT.unit(unit -> unit.withMatrix(matrix))));
      }
    }
    return new Knob("matrix", "transmission matrix", settings);
  }

  private static Knob drift(String name, String title, long projections, long recalibration) {
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting("0", DEFAULT));
    for (double times : new double[] {0.1, 0.3, 1, 3, 10}) {
      Drift drift = new Drift(projections / times, recalibration);
      settings.add(new Setting(text(times), DEFAULT.unit(unit -> unit.withDrift(drift))));
    }
    return new Knob(name, title, settings);
  }

  private static Configuration camera(UnaryOperator<Camera> change) {
    return DEFAULT.unit(unit -> unit.withCamera(change.apply(unit.camera())));
  }

  private static Configuration readout(Function<OpuSettings, LinearReadout> change) {
    return DEFAULT.unit(unit -> unit.withReadout(change.apply(unit)));
  }

  private static Knob numbers(
      String name, String title, DoubleFunction<Configuration> change, double... positions) {
    List<Setting> settings = new ArrayList<>();
    for (double position : positions) {
      settings.add(new Setting(text(position), change.apply(position)));
    }
    return new Knob(name, title, settings);
  }

  private static String text(double number) {
    double rounded = Math.round(number * 1000) / 1000.0;
    return rounded == Math.rint(rounded)
        ? String.format(Locale.ROOT, "%.0f", rounded)
        : Double.toString(rounded);
  }
}

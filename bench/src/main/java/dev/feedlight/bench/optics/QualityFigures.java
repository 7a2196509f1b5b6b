package dev.feedlight.bench.optics;

import dev.feedlight.bench.optics.QualityResult.Pixels;
import dev.feedlight.bench.plot.ColorBar;
import dev.feedlight.bench.plot.ErrorScale;
import dev.feedlight.bench.plot.FigureSheet;
import dev.feedlight.bench.plot.FigureWriter;
import dev.feedlight.bench.plot.HeatMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The quality of the read-out as heat maps, a sheet per pair of knobs: over all pixels, and over
 * selected ones.
 *
 * @param preset that was measured
 * @param measured every setting of the preset
 * @param commit of the code
 */
record QualityFigures(
    QualityPreset preset, Map<QualitySetting, QualityResult> measured, String commit) {
  private static final ErrorScale SCALE =
      new ErrorScale(
          "Correlation with the Exact Projection (1 is exact)",
          0,
          0.999,
          List.of(0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999));

  private static final int ROW_HEIGHT = 52;

  /** With more columns than these two maps do not fit beside each other. */
  private static final int MOST_BESIDE = 8;

  private static final int COMMIT_DIGITS = 12;
  private static final String NONE = "\u2013";

  /**
   * Writes PNG and SVG of every surface.
   *
   * @return the files, PNG and SVG in turns
   * @throws dev.feedlight.bench.plot.NoPicturesException if Java finds no font on this machine
   * @throws IOException if a file cannot be written
   */
  List<Path> write(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    for (QualitySurface surface : QualitySurface.ALL) {
      files.addAll(FigureWriter.write(sheet(surface), directory, "quality-" + surface.name()));
    }
    return files;
  }

  /** One figure. */
  FigureSheet sheet(QualitySurface surface) {
    int columns = preset.values(surface.x()).size();
    return new FigureSheet(
        "Quality of the Optical Read-Out: " + surface.title(),
        caption(surface),
        List.of(
            map(surface, Pixels.ALL, "All Pixels"),
            map(surface, Pixels.SELECTED, "Selected Pixels, and Their Share")),
        columns > MOST_BESIDE ? 1 : 2,
        Math.max(2, preset.values(surface.y()).size()) * ROW_HEIGHT,
        new ColorBar(SCALE, "default unit, density 0.3"));
  }

  private List<String> caption(QualitySurface surface) {
    List<String> others = new ArrayList<>();
    for (QualityKnob knob : QualityKnob.values()) {
      if (knob != surface.x() && knob != surface.y()) {
        others.add(knob.noun() + " " + QualityKnob.text(QualitySetting.DEFAULT.value(knob)));
      }
    }
    String digits = commit.length() > COMMIT_DIGITS ? commit.substring(0, COMMIT_DIGITS) : commit;
    return List.of(
        String.format(
            Locale.ROOT,
            "preset %s \u00B7 %d inputs, %d pixels \u00B7 %s \u00B7 commit %s",
            preset.name(),
            preset.inputs(),
            preset.outputs(),
            String.join(", ", others),
            digits),
        String.format(
            Locale.ROOT,
            "Mean over %d random vectors in each of %d media. Selected: the anchor is above 5 %% of"
                + " full scale and not saturated. %s: too few pixels.",
            preset.vectors(),
            preset.media(),
            NONE));
  }

  private HeatMap map(QualitySurface surface, Pixels pixels, String title) {
    List<HeatMap.Cell> cells = new ArrayList<>();
    for (QualitySetting setting : preset.settings(surface)) {
      QualityResult result = measured.get(setting);
      OptionalDouble mean = result.mean(pixels);
      cells.add(
          new HeatMap.Cell(
              mean,
              mean.isPresent() ? text(mean.getAsDouble()) : NONE,
              pixels == Pixels.ALL ? "" : percent(result.share()),
              setting.equals(QualitySetting.DEFAULT)));
    }
    return new HeatMap(title, names(surface.x()), names(surface.y()), cells, SCALE);
  }

  private HeatMap.Names names(QualityKnob knob) {
    return new HeatMap.Names(
        knob.title(), preset.values(knob).stream().map(QualityKnob::text).toList());
  }

  /** Three decimals, and where these would say 1 a fourth, which never does. */
  static String text(double correlation) {
    return correlation < 0.9995
        ? String.format(Locale.ROOT, "%.3f", correlation)
        : String.format(Locale.ROOT, "%.4f", Math.min(correlation, 0.9999));
  }

  static String percent(double share) {
    double percent = 100 * share;
    return String.format(Locale.ROOT, percent > 0 && percent < 1 ? "%.1f %%" : "%.0f %%", percent);
  }
}

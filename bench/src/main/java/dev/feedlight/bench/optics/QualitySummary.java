package dev.feedlight.bench.optics;

import dev.feedlight.bench.optics.QualityResult.Pixels;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Machine;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * {@code summary.md}: what was measured, what it says, and the maps as tables.
 *
 * @param preset that was measured
 * @param measured every setting of the preset
 * @param command the command that repeats the run
 * @param commit of the code
 */
record QualitySummary(
    QualityPreset preset,
    Map<QualitySetting, QualityResult> measured,
    String command,
    String commit) {
  void write(Path file, List<Path> pictures) throws IOException {
    List<String> names =
        pictures.stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> name.endsWith(".png"))
            .toList();
    StringBuilder page =
        new StringBuilder(
            new SummaryWriter(
                    "Quality of the optical read-out, preset " + preset.name(),
                    command,
                    Machine.detect(),
                    commit,
                    Instant.now(),
                    names)
                .markdown(List.of()));
    page.append("## What it says\n\n").append(findings());
    page.append("## What is measured\n\n").append(method());
    for (QualitySurface surface : QualitySurface.ALL) {
      for (Pixels pixels : Pixels.values()) {
        appendTable(page, surface, pixels);
      }
    }
    AtomicFile.write(file, page.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** One sentence per knob: where it is best with all others as in the default. */
  private String findings() {
    StringBuilder text = new StringBuilder();
    QualityResult usual = measured.get(QualitySetting.DEFAULT);
    if (usual != null) {
      text.append("- The default unit at density ");
      text.append(QualityKnob.text(QualitySetting.DEFAULT.density())).append(": ");
      text.append(value(usual, Pixels.ALL)).append(" over all pixels, ");
      text.append(value(usual, Pixels.SELECTED)).append(" over the selected ");
      text.append(QualityFigures.percent(usual.share())).append(".\n");
    }
    for (QualityKnob knob : QualityKnob.values()) {
      List<String> parts = new ArrayList<>();
      for (Pixels pixels : Pixels.values()) {
        preset.values(knob).stream()
            .filter(v -> mean(QualitySetting.DEFAULT.with(knob, v), pixels).isPresent())
            .max(
                Comparator.comparingDouble(
                    v -> mean(QualitySetting.DEFAULT.with(knob, v), pixels).getAsDouble()))
            .ifPresent(
                best ->
                    parts.add(
                        QualityKnob.text(best)
                            + " ("
                            + value(measured.get(QualitySetting.DEFAULT.with(knob, best)), pixels)
                            + (pixels == Pixels.ALL ? ", all pixels)" : ", selected pixels)")));
      }
      if (!parts.isEmpty()) {
        text.append("- Best ").append(knob.noun());
        text.append(" with all else as in the default: ");
        text.append(String.join(", ", parts)).append(".\n");
      }
    }
    return text.append('\n').toString();
  }

  private OptionalDouble mean(QualitySetting setting, Pixels pixels) {
    QualityResult result = measured.get(setting);
    return result == null ? OptionalDouble.empty() : result.mean(pixels);
  }

  private String method() {
    return String.format(
        Locale.ROOT,
        """
        - Correlation (Pearson) of `EmulatedOpu.project` with the exact projection of the same\
         medium, over the pixels of a vector; mean over %d random vectors in each of %d media.
        - %d inputs, %d pixels; vectors have exactly the given share of entries that are not 0, each\
         sign as likely as the other. What is not turned: 8 bits, mean anchor 0.25, noise 1, density\
         0.3; read-out with floor 1, bias removed.
        - Noise is a factor on the standard deviation of read noise (0.6 steps of an 8-bit camera)\
         and of shot noise (variance 0.11 per step).
        - Selected pixels: those that `PixelSelection.bright()` takes, whose anchor is above 5 %% of\
         full scale and not saturated. Their share says how many pixels a unit must read per output:\
         at 80 %% its 1.4 are enough, at 40 %% they are not. Of the first %d pixels of a region the\
         same number is used for both; cells with fewer than %d selected pixels are left out, and units whose anchor frame is dark.
        - A projection that does not vary at all counts as correlation 0.
        - `results.jsonl`: `low` and `high` are the smallest and the largest vector on lines with\
         `seed`, the smallest and the largest medium on those without.

        """,
        preset.vectors(),
        preset.media(),
        preset.inputs(),
        preset.outputs(),
        preset.outputs(),
        ReadoutQuality.FEWEST_PIXELS);
  }

  private void appendTable(StringBuilder page, QualitySurface surface, Pixels pixels) {
    page.append("## ").append(surface.title());
    page.append(pixels == Pixels.ALL ? ", all pixels\n\n" : ", selected pixels (their share)\n\n");
    page.append("Rows: ").append(surface.y().title()).append(". Columns: ");
    page.append(surface.x().title()).append(".\n\n|  |");
    List<Double> columns = preset.values(surface.x());
    columns.forEach(column -> page.append(' ').append(QualityKnob.text(column)).append(" |"));
    page.append("\n|--:|").append("--:|".repeat(columns.size())).append('\n');
    for (double row : preset.values(surface.y())) {
      page.append("| ").append(QualityKnob.text(row)).append(" |");
      for (double column : columns) {
        QualityResult result = measured.get(surface.at(column, row));
        page.append(' ').append(value(result, pixels));
        if (pixels == Pixels.SELECTED) {
          page.append(" (").append(QualityFigures.percent(result.share())).append(')');
        }
        page.append(" |");
      }
      page.append('\n');
    }
    page.append('\n');
  }

  private static String value(QualityResult result, Pixels pixels) {
    OptionalDouble mean = result.mean(pixels);
    return mean.isPresent() ? QualityFigures.text(mean.getAsDouble()) : "none";
  }
}

package dev.feedlight.bench.optics;

import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.device.Device;
import dev.feedlight.opu.OpuSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;

/**
 * Measured settings as lines of {@code results.jsonl}.
 *
 * @param preset that was measured
 * @param device name
 * @param threads of the device
 * @param seed of the first medium
 * @param commit of the code
 */
record QualityLines(QualityPreset preset, String device, int threads, long seed, String commit) {
  static final String EXPERIMENT = "optics_quality";

  QualityLines(QualityPreset preset, Device device, long seed) {
    this(preset, device.name(), device.threads(), seed, Commit.current());
  }

  /** Whether a line will be measured again. */
  static boolean isReplaced(ResultLine line, QualityPreset preset) {
    return line.experiment().equals(EXPERIMENT) && preset.name().equals(line.preset());
  }

  /** Per setting and kind of pixels a line for each medium, then one that sums them up. */
  List<ResultLine> of(Map<QualitySetting, QualityResult> measured) {
    List<ResultLine> lines = new ArrayList<>();
    measured.forEach(
        (setting, result) -> {
          for (QualityResult.Pixels pixels : QualityResult.Pixels.values()) {
            add(lines, setting.text() + " " + pixels.key(), result, pixels);
          }
        });
    return lines;
  }

  private void add(
      List<ResultLine> lines, String setting, QualityResult result, QualityResult.Pixels pixels) {
    for (int i = 0; i < result.media().size(); i++) {
      double[] values = pixels.of(result.media().get(i));
      if (values.length > 0) {
        lines.add(line(setting, values).seed(seed + i).build());
      }
    }
    double[] means = result.means(pixels);
    if (means.length > 0) {
      lines.add(line(setting, means).build());
    }
  }

  private ResultLineBuilder line(String setting, double[] values) {
    DoubleSummaryStatistics sum = Arrays.stream(values).summaryStatistics();
    // The mean of equal numbers may be off by a rounding.
    double mean = Math.clamp(sum.getAverage(), sum.getMin(), sum.getMax());
    return ResultLine.of(EXPERIMENT, Metric.CORRELATION)
        .preset(preset.name())
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .threads(threads)
        .transmission(OpuSettings.defaults().matrix().toString())
        .inputs(preset.inputs())
        .outputs(preset.outputs())
        .setting(setting)
        .device(device)
        .value(mean)
        .spread(sum.getMin(), sum.getMax())
        .n(values.length)
        .commit(commit);
  }
}

package dev.feedlight.bench.plot;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.results.ResultLineBuilder;
import java.util.ArrayList;
import java.util.List;

/** Lines as a benchmark would write them, from a simple model of the machine's speed. */
final class SyntheticFig4 {
  private static final double FRAME_MS = 2.94;
  private static final double OVERHEAD_MS = 0.004;

  private final double weightsPerMs;

  /**
   * A machine.
   *
   * @param weightsPerMs multiply-adds per millisecond; the slower, the sooner optics pay
   */
  SyntheticFig4(double weightsPerMs) {
    this.weightsPerMs = weightsPerMs;
  }

  /** Lines of fig4a and fig4b, whose conditions are the same. */
  List<ResultLine> times(int[] widths, int[] depths) {
    List<ResultLine> lines = new ArrayList<>();
    for (String experiment : List.of("fig4a", "fig4b")) {
      for (int width : widths) {
        for (int depth : depths) {
          addCell(lines, experiment, width, depth);
        }
      }
    }
    return lines;
  }

  /** Lines of fig4c. */
  List<ResultLine> ratios(long... sizes) {
    List<ResultLine> lines = new ArrayList<>();
    for (long n : sizes) {
      for (String transmission : List.of("procedural", "stored")) {
        double penalty = transmission.equals("stored") ? 1 : 6;
        for (Metric metric : List.of(Metric.RATIO_STEP, Metric.RATIO_PROJECTION)) {
          double emulated =
              (metric == Metric.RATIO_STEP ? 1.5 : 4) * penalty * Math.pow((double) n, 0.05);
          double modelled = FRAME_MS * weightsPerMs / ((double) n * n);
          double share = metric == Metric.RATIO_STEP ? 0.2 : 1;
          lines.add(ratio(metric, transmission, Clock.EMULATED, n, emulated));
          lines.add(ratio(metric, transmission, Clock.MODELLED, n, 1 + share * penalty * modelled));
        }
      }
    }
    return lines;
  }

  private void addCell(List<ResultLine> lines, String experiment, int width, int depth) {
    double weights = (double) width * width * (depth + 1) / weightsPerMs;
    double bp = 3 * weights + OVERHEAD_MS;
    double dfa = 2.2 * weights + OVERHEAD_MS;
    lines.add(time(experiment, width, depth, bp).rule(Rule.BP).build());
    lines.add(time(experiment, width, depth, dfa).rule(Rule.DFA).build());
    lines.add(odfa(experiment, width, depth, dfa + FRAME_MS, Clock.MODELLED).build());
    lines.add(
        odfa(experiment, width, depth, Math.max(dfa, FRAME_MS), Clock.MODELLED)
            .overlapped(true)
            .build());
    double projection = (double) width * width / weightsPerMs;
    for (String transmission : List.of("procedural", "stored")) {
      double emulated = dfa + projection * (transmission.equals("stored") ? 4 : 30);
      lines.add(
          odfa(experiment, width, depth, emulated, Clock.EMULATED)
              .transmission(transmission)
              .build());
    }
  }

  private static ResultLineBuilder odfa(
      String experiment, int width, int depth, double ms, Clock clock) {
    return time(experiment, width, depth, ms).rule(Rule.ODFA).clock(clock);
  }

  private static ResultLineBuilder time(String experiment, int width, int depth, double ms) {
    return common(experiment, Metric.MS_PER_SAMPLE, ms).width(width).depth(depth);
  }

  private static ResultLine ratio(
      Metric metric, String transmission, Clock clock, long n, double value) {
    return common("fig4c", metric, value)
        .rule(Rule.ODFA)
        .clock(clock)
        .transmission(transmission)
        .inputs(n)
        .outputs(n)
        .depth(4)
        .build();
  }

  private static ResultLineBuilder common(String experiment, Metric metric, double value) {
    return ResultLine.of(experiment, metric)
        .preset("quick")
        .data("random")
        .model(ResultLine.Model.MLP)
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .optimizer("sgd")
        .dtype("fp32")
        .threads(2)
        .batch(32)
        .device("cpu")
        .value(value)
        .spread(value * 0.9, value * 1.15)
        .n(5)
        .commit("0123456789abcdef0123456789abcdef01234567");
  }
}

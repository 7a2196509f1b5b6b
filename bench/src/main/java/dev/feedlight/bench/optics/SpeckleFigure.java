package dev.feedlight.bench.optics;

import dev.feedlight.bench.plot.Axis;
import dev.feedlight.bench.plot.FigureSheet;
import dev.feedlight.bench.plot.FigureWriter;
import dev.feedlight.bench.plot.HistogramPanel;
import dev.feedlight.bench.plot.HistogramPanel.Bin;
import dev.feedlight.bench.plot.Legend;
import dev.feedlight.bench.plot.LinearAxis;
import dev.feedlight.bench.plot.LogAxis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The histogram of a frame beside the exponential law.
 *
 * @param frame the frame
 * @param statistics of it
 * @param description of the unit, in one line
 */
record SpeckleFigure(SpeckleFrame frame, SpeckleStatistics statistics, String description) {
  private static final int MOST_BINS = 256;

  /** Bins of a camera that does not quantise. */
  private static final int FREE_BINS = 128;

  /** So few bins are counts that can all be named. */
  private static final int FEW_BINS = 16;

  private static final int HEIGHT = 430;

  /** Least value of the vertical axis: a single pixel is still seen. */
  private static final double LEAST = 0.8;

  /**
   * Writes {@code speckle-histogram.png} and {@code speckle-histogram.svg}.
   *
   * @return the two files
   * @throws dev.feedlight.bench.plot.NoPicturesException if Java finds no font on this machine
   * @throws IOException if a file cannot be written
   */
  List<Path> write(Path directory) throws IOException {
    return FigureWriter.write(sheet(), directory, "speckle-histogram");
  }

  /** The figure. */
  FigureSheet sheet() {
    List<Bin> bins = frame.camera().quantised() ? countBins() : freeBins();
    double most =
        bins.stream()
            .mapToDouble(bin -> Math.max((double) bin.count(), bin.expected()))
            .max()
            .orElseThrow();
    HistogramPanel panel =
        new HistogramPanel(
            "Counts of All Pixels",
            counts(bins),
            LogAxis.over("Pixels per Bin of " + width(bins.getFirst()), least(bins), most),
            bins);
    return new FigureSheet(
        "Speckle: One Frame Against the Exponential Law",
        caption(),
        List.of(panel),
        1,
        HEIGHT,
        legend(bins.getLast().end()));
  }

  /** A little below the lowest bar, or below a single pixel if there are empty bins. */
  private static double least(List<Bin> bins) {
    double lowest =
        bins.stream()
            .mapToDouble(bin -> Math.min((double) bin.count(), bin.expected()))
            .min()
            .orElseThrow();
    return Math.max(LEAST, lowest / 2);
  }

  private LinearAxis counts(List<Bin> bins) {
    double left = bins.getFirst().left();
    double right = bins.getLast().right();
    LinearAxis axis = LinearAxis.between("Camera Counts", left, right + 0.015 * (right - left));
    return bins.size() > FEW_BINS
        ? axis
        : new LinearAxis(
            axis.title(),
            axis.min(),
            axis.max(),
            IntStream.range(0, bins.size())
                .mapToObj(i -> new Axis.Tick(i, String.valueOf(i)))
                .toList());
  }

  private Legend legend(boolean ends) {
    SpeckleLaw law = statistics.law();
    String curve = String.format(Locale.ROOT, "exponential law, mean %.4g counts", law.mean());
    return ends
        ? HistogramPanel.legend(
            "pixels of the frame",
            curve,
            "saturated pixels, " + percent(statistics.saturated()),
            "saturated by the law, " + percent(law.saturated()))
        : HistogramPanel.legend("pixels of the frame", curve);
  }

  private List<String> caption() {
    SpeckleLaw law = statistics.law();
    return List.of(
        description,
        String.format(
            Locale.ROOT,
            "%,d x %,d pixels, each a grain by itself \u00B7 %,d of %,d mirrors lit \u00B7 contrast"
                + " %.4f, by the law %.4f \u00B1 %.4f (1 without a camera)",
            frame.width(),
            frame.height(),
            frame.lit(),
            frame.inputs(),
            statistics.contrast(),
            law.contrast(),
            statistics.error()));
  }

  private static String width(Bin bin) {
    double width = bin.right() - bin.left();
    return width == 1
        ? "1 Count"
        : String.format(
            Locale.ROOT, width == Math.rint(width) ? "%.0f Counts" : "%.3g Counts", width);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * share);
  }

  /** Equal groups of counts below full scale, and full scale alone. */
  private List<Bin> countBins() {
    SpeckleLaw law = statistics.law();
    long[] frequencies = SpeckleLaw.frequencies(frame.counts(), frame.camera());
    int full = frequencies.length - 1;
    int group = Math.ceilDiv(frequencies.length, MOST_BINS);
    List<Bin> bins = new ArrayList<>();
    for (int from = 0; from < full; from += group) {
      int to = Math.min(full, from + group);
      long count = 0;
      double expected = 0;
      for (int i = from; i < to; i++) {
        count += frequencies[i];
        expected += law.probability(i) * statistics.pixels();
      }
      bins.add(new Bin(from - 0.5, to - 0.5, count, expected, false));
    }
    double expected = law.probability(full) * statistics.pixels();
    bins.add(new Bin(full - 0.5, full - 0.5 + group, frequencies[full], expected, true));
    return bins;
  }

  private List<Bin> freeBins() {
    double most = 0;
    for (float count : frame.counts()) {
      most = Math.max(most, count);
    }
    double width = most / FREE_BINS;
    long[] frequencies = new long[FREE_BINS];
    for (float count : frame.counts()) {
      frequencies[Math.clamp((long) (count / width), 0, FREE_BINS - 1)]++;
    }
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < FREE_BINS; i++) {
      double expected =
          statistics.law().probability(i * width, (i + 1) * width) * statistics.pixels();
      bins.add(new Bin(i * width, (i + 1) * width, frequencies[i], expected, false));
    }
    return bins;
  }
}

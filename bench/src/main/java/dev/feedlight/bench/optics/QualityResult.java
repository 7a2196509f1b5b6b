package dev.feedlight.bench.optics;

import dev.feedlight.bench.optics.ReadoutQuality.Correlations;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A setting measured on several media.
 *
 * @param media one after the other
 */
record QualityResult(List<Correlations> media) {
  QualityResult {
    media = List.copyOf(media);
  }

  /** Over which pixels. */
  enum Pixels {
    ALL,
    SELECTED;

    /** Correlations per vector; none if there are too few pixels. */
    double[] of(Correlations medium) {
      return this == ALL ? medium.all() : medium.selected();
    }

    /** As in the key {@code setting} of result lines. */
    String key() {
      return this == ALL ? "pixels=all" : "pixels=selected";
    }
  }

  /** Mean over the vectors of each medium that has enough pixels. */
  double[] means(Pixels pixels) {
    return media.stream()
        .map(pixels::of)
        .filter(values -> values.length > 0)
        .mapToDouble(values -> Arrays.stream(values).average().orElseThrow())
        .toArray();
  }

  /** Mean over the media; none if no medium has enough pixels. */
  OptionalDouble mean(Pixels pixels) {
    return Arrays.stream(means(pixels)).average();
  }

  /** Share of pixels that selection takes. */
  double share() {
    return media.stream().mapToDouble(Correlations::share).average().orElseThrow();
  }
}

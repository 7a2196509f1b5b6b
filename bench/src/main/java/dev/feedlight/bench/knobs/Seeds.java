package dev.feedlight.bench.knobs;

import dev.feedlight.bench.plot.KnobSheet;
import java.util.Arrays;
import java.util.List;

/**
 * One number from each seed.
 *
 * @param values in the order of the seeds; NaN where not defined
 */
record Seeds(List<Double> values) {
  Seeds {
    values = List.copyOf(values);
  }

  Seeds times(double factor) {
    return new Seeds(values.stream().map(value -> value * factor).toList());
  }

  boolean defined() {
    return values.stream().noneMatch(value -> value.isNaN());
  }

  double mean() {
    return Arrays.stream(array()).average().orElseThrow();
  }

  double low() {
    return Arrays.stream(array()).min().orElseThrow();
  }

  double high() {
    return Arrays.stream(array()).max().orElseThrow();
  }

  KnobSheet.Spread toSpread() {
    return new KnobSheet.Spread(mean(), low(), high());
  }

  private double[] array() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}

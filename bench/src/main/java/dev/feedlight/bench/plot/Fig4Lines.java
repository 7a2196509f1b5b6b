package dev.feedlight.bench.plot;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Implementation;
import dev.feedlight.bench.results.ResultLine.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** The lines of one figure: Feedlight's own, of one setup, sorted into curves. */
final class Fig4Lines {
  private final String experiment;
  private final List<ResultLine> lines;

  /** Of the whole figure, so that a curve has one name and style in all its panels. */
  private final Set<Fig4Kind> kinds;

  private Fig4Lines(String experiment, List<ResultLine> lines, Set<Fig4Kind> kinds) {
    this.experiment = experiment;
    this.lines = lines;
    this.kinds = kinds;
  }

  /**
   * Picks the lines of an experiment that carry one of the metrics.
   *
   * @throws FigureDataException if there is none, or if they mix batches, types, devices or thread
   *     counts, which no picture could tell apart
   */
  static Fig4Lines of(String experiment, List<ResultLine> all, Metric... metrics) {
    List<Metric> wanted = List.of(metrics);
    List<ResultLine> picked =
        all.stream()
            .filter(line -> line.experiment().equals(experiment) && wanted.contains(line.metric()))
            .filter(line -> isOwn(line.implementation()))
            .toList();
    if (picked.isEmpty()) {
      throw new FigureDataException(
          "no line of "
              + all.size()
              + " has experiment "
              + experiment
              + " and a metric of "
              + wanted);
    }
    Fig4Lines result =
        new Fig4Lines(
            experiment, picked, picked.stream().map(Fig4Kind::of).collect(Collectors.toSet()));
    result.requireOne("batch", ResultLine::batch);
    result.requireOne("dtype", ResultLine::dtype);
    result.requireOne("device", ResultLine::device);
    result.requireOne("threads", ResultLine::threads);
    return result;
  }

  static boolean isOwn(Implementation implementation) {
    return implementation == null || implementation == Implementation.FEEDLIGHT;
  }

  /** The lines with one metric. */
  Fig4Lines with(Metric metric) {
    return new Fig4Lines(
        experiment, lines.stream().filter(line -> line.metric() == metric).toList(), kinds);
  }

  /** The lines on which a key has one value. */
  Fig4Lines where(Function<ResultLine, ? extends Number> key, Number value) {
    return new Fig4Lines(
        experiment, lines.stream().filter(line -> value.equals(key.apply(line))).toList(), kinds);
  }

  /**
   * The different values of a key in ascending order.
   *
   * @throws FigureDataException if a line lacks the key
   */
  List<Integer> values(String name, Function<ResultLine, Integer> key) {
    for (ResultLine line : lines) {
      if (key.apply(line) == null) {
        throw new FigureDataException(experiment + " needs " + name + " on every line: " + line);
      }
    }
    return lines.stream().map(key).distinct().sorted().toList();
  }

  /** The different values of a key, for the caption; lines without it are passed over. */
  List<String> texts(Function<ResultLine, ?> key) {
    return lines.stream()
        .map(key)
        .filter(Objects::nonNull)
        .map(Object::toString)
        .distinct()
        .toList();
  }

  void requireOne(String name, Function<ResultLine, ?> key) {
    List<String> values = texts(key);
    if (values.size() > 1) {
      throw new FigureDataException(
          experiment + " needs one " + name + ", the lines have " + String.join(", ", values));
    }
  }

  /**
   * The lines as curves. A transmission that is the only one of its kind is not named.
   *
   * @param x what lies on the horizontal axis
   */
  Map<Fig4Kind, Curve> curves(Function<ResultLine, ? extends Number> x) {
    Map<Fig4Kind, Map<Number, List<ResultLine>>> cells = new TreeMap<>(Fig4Kind.ORDER);
    for (ResultLine line : lines) {
      cells
          .computeIfAbsent(kind(line), kind -> new LinkedHashMap<>())
          .computeIfAbsent(x.apply(line), value -> new ArrayList<>())
          .add(line);
    }
    Map<Fig4Kind, Curve> curves = new TreeMap<>(Fig4Kind.ORDER);
    cells.forEach(
        (kind, byX) -> {
          List<Curve.Point> points = new ArrayList<>();
          byX.forEach((value, cell) -> points.add(point(value.doubleValue(), cell)));
          curves.put(kind, new Curve(kind.label(), kind.style(), points));
        });
    return curves;
  }

  /** Every value that a curve of these lines reaches, spreads above 0 included. */
  static double[] extent(Collection<Curve> curves) {
    return curves.stream()
        .flatMap(curve -> curve.points().stream())
        .flatMapToDouble(p -> DoubleStream.of(p.y(), p.low(), p.high()))
        .filter(value -> value > 0)
        .toArray();
  }

  private Fig4Kind kind(ResultLine line) {
    Fig4Kind kind = Fig4Kind.of(line);
    boolean matrixFree = kind.rule() == Rule.BP || kind.rule() == Rule.SHLW;
    boolean ratio = line.metric() != Metric.MS_PER_SAMPLE;
    boolean several = ratio || kind.clock() == Clock.EMULATED || transmissions(kind) > 1;
    return matrixFree || !several ? kind.withTransmission("") : kind;
  }

  private long transmissions(Fig4Kind kind) {
    return kinds.stream()
        .filter(other -> other.withTransmission("").equals(kind.withTransmission("")))
        .count();
  }

  /** A summing-up line wins over its seeds, a later one over an earlier one. */
  private static Curve.Point point(double x, List<ResultLine> cell) {
    List<ResultLine> sums = cell.stream().filter(line -> line.seed() == null).toList();
    if (!sums.isEmpty()) {
      ResultLine line = sums.getLast();
      boolean bare = line.low() == null;
      return new Curve.Point(
          x, line.value(), bare ? line.value() : line.low(), bare ? line.value() : line.high());
    }
    List<Double> values = cell.stream().map(ResultLine::value).sorted().toList();
    int middle = values.size() / 2;
    double median =
        values.size() % 2 == 1
            ? values.get(middle)
            : (values.get(middle - 1) + values.get(middle)) / 2;
    return new Curve.Point(x, median, values.getFirst(), values.getLast());
  }
}

package dev.feedlight.bench.fig4;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.opu.TransmissionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * From measured times to the lines of {@code results.jsonl}. A value is the median of the
 * iterations, its spread the fastest and the slowest one. A line whose measurements are incomplete
 * is left out.
 *
 * <p>Modelled ODFA is the measured electronic part of the step plus the optical clock (serial), or
 * the slower of the two (overlapped). The electronic part alone, which is no whole step, is the
 * experiment {@code fig4_electronics}; times of the projection alone are {@code fig4_projection}.
 */
final class Lines {
  /** Experiment of the projection alone, from which panel c takes its ratios. */
  static final String PROJECTION = "fig4_projection";

  /** Experiment of the electronic part of ODFA's step, to which the optical clock is added. */
  static final String ELECTRONICS = "fig4_electronics";

  private final Setup setup;
  private final Times times;
  private final List<ResultLine> lines = new ArrayList<>();

  private Lines(Setup setup, Times times) {
    this.setup = setup;
    this.times = times;
  }

  static List<ResultLine> of(Setup setup, Times times) {
    Lines made = new Lines(setup, times);
    setup.figures().forEach(made::add);
    electronicCells(setup.preset(), setup.figures()).forEach(made::addElectronics);
    return List.copyOf(made.lines);
  }

  /**
   * Whether a run replaces a line. Panels a and b on one side and c on the other share the
   * experiment of the electronic part: of that, only networks of the run are replaced.
   */
  static boolean isReplaced(ResultLine line, Preset preset, List<Figure> figures) {
    String experiment = line.experiment();
    if (experiment.equals(ELECTRONICS)) {
      return electronicCells(preset, figures).stream()
          .anyMatch(cell -> isOf(cell.width(), line.width()) && isOf(cell.depth(), line.depth()));
    }
    return figures.stream().anyMatch(figure -> figure.toString().equals(experiment))
        || (experiment.equals(PROJECTION) && figures.contains(Figure.FIG4C));
  }

  private static boolean isOf(int cell, Integer line) {
    return line != null && line == cell;
  }

  private static List<Cell.ElectronicStep> electronicCells(Preset preset, List<Figure> figures) {
    return preset.cells(figures).stream()
        .filter(Cell.ElectronicStep.class::isInstance)
        .map(Cell.ElectronicStep.class::cast)
        .toList();
  }

  private void add(Figure figure) {
    switch (figure) {
      case FIG4A, FIG4B -> {
        for (int depth : setup.preset().depths()) {
          for (int width : setup.preset().widths()) {
            addTimes(figure, width, depth);
          }
        }
      }
      case FIG4C -> {
        setup.preset().sizes().forEach(this::addProjections);
        setup.preset().sizes().forEach(this::addRatios);
      }
    }
  }

  private void addTimes(Figure figure, int width, int depth) {
    int batch = setup.preset().batch();
    for (Rule rule : List.of(Rule.BP, Rule.DFA)) {
      digital(rule, width, depth)
          .ifPresent(
              step ->
                  emit(
                      network(figure.toString(), Metric.MS_PER_SAMPLE, rule, width, depth)
                          .clock(Clock.NONE),
                      step.dividedBy(batch)));
    }
    times
        .of(new Cell.ElectronicStep(width, depth))
        .ifPresent(
            electronic -> {
              emit(
                  network(figure.toString(), Metric.MS_PER_SAMPLE, Rule.ODFA, width, depth)
                      .clock(Clock.MODELLED)
                      .overlapped(false),
                  electronic.plus(setup.opticalMillis()).dividedBy(batch));
              emit(
                  network(figure.toString(), Metric.MS_PER_SAMPLE, Rule.ODFA, width, depth)
                      .clock(Clock.MODELLED)
                      .overlapped(true),
                  electronic.atLeast(setup.opticalMillis()).dividedBy(batch));
            });
    // Panel c may have measured the other matrix at one of these sizes: no curve from one point.
    TransmissionMatrix kind = Preset.TIMES_MATRIX;
    times
        .of(new Cell.EmulatedStep(kind, width, depth))
        .ifPresent(
            step ->
                emit(
                    network(figure.toString(), Metric.MS_PER_SAMPLE, Rule.ODFA, width, depth)
                        .clock(Clock.EMULATED)
                        .transmission(kind.toString()),
                    step.dividedBy(batch)));
  }

  private void addElectronics(Cell.ElectronicStep cell) {
    times
        .of(cell)
        .ifPresent(
            electronic ->
                emit(
                    network(ELECTRONICS, Metric.MS_PER_STEP, Rule.ODFA, cell.width(), cell.depth())
                        .clock(Clock.NONE),
                    electronic));
  }

  private void addProjections(int size) {
    int batch = setup.preset().batch();
    times
        .of(new Cell.DigitalProjection(size))
        .ifPresent(
            projection ->
                emit(
                    projection(PROJECTION, Metric.MS_PER_SAMPLE, Rule.DFA, size).clock(Clock.NONE),
                    projection.dividedBy(batch)));
    for (TransmissionMatrix kind : Preset.MATRICES) {
      times
          .of(new Cell.EmulatedProjection(kind, size))
          .ifPresent(
              projection ->
                  emit(
                      projection(PROJECTION, Metric.MS_PER_SAMPLE, Rule.ODFA, size)
                          .clock(Clock.EMULATED)
                          .transmission(kind.toString()),
                      projection.dividedBy(batch)));
    }
  }

  private void addRatios(int size) {
    digital(Rule.DFA, size, Preset.RATIO_DEPTH).ifPresent(dfa -> addStepRatios(size, dfa));
    times
        .of(new Cell.DigitalProjection(size))
        .ifPresent(product -> addProjectionRatios(size, product));
  }

  private void addStepRatios(int size, Measurement dfa) {
    times
        .of(new Cell.ElectronicStep(size, Preset.RATIO_DEPTH))
        .ifPresent(
            electronic -> {
              emit(
                  ratio(Metric.RATIO_STEP, size).clock(Clock.MODELLED).overlapped(false),
                  electronic.plus(setup.opticalMillis()).over(dfa));
              emit(
                  ratio(Metric.RATIO_STEP, size).clock(Clock.MODELLED).overlapped(true),
                  electronic.atLeast(setup.opticalMillis()).over(dfa));
            });
    for (TransmissionMatrix kind : Preset.MATRICES) {
      times
          .of(new Cell.EmulatedStep(kind, size, Preset.RATIO_DEPTH))
          .ifPresent(
              step ->
                  emit(
                      ratio(Metric.RATIO_STEP, size)
                          .clock(Clock.EMULATED)
                          .transmission(kind.toString()),
                      step.over(dfa)));
    }
  }

  private void addProjectionRatios(int size, Measurement product) {
    emit(
        ratio(Metric.RATIO_PROJECTION, size).clock(Clock.MODELLED),
        product.below(setup.opticalMillis()));
    for (TransmissionMatrix kind : Preset.MATRICES) {
      times
          .of(new Cell.EmulatedProjection(kind, size))
          .ifPresent(
              projection ->
                  emit(
                      ratio(Metric.RATIO_PROJECTION, size)
                          .clock(Clock.EMULATED)
                          .transmission(kind.toString()),
                      projection.over(product)));
    }
  }

  private Optional<Measurement> digital(Rule rule, int width, int depth) {
    return times.of(new Cell.DigitalStep(rule.name().toLowerCase(Locale.ROOT), width, depth));
  }

  private ResultLineBuilder network(
      String experiment, Metric metric, Rule rule, int width, int depth) {
    return common(experiment, metric)
        .model(ResultLine.Model.MLP)
        .optimizer("sgd")
        .rule(rule)
        .width(width)
        .depth(depth);
  }

  private ResultLineBuilder ratio(Metric metric, int size) {
    ResultLineBuilder line = projection(Figure.FIG4C.toString(), metric, Rule.ODFA, size);
    return metric == Metric.RATIO_STEP
        ? line.model(ResultLine.Model.MLP).optimizer("sgd").width(size).depth(Preset.RATIO_DEPTH)
        : line;
  }

  private ResultLineBuilder projection(String experiment, Metric metric, Rule rule, int size) {
    return common(experiment, metric).rule(rule).inputs(size).outputs(size);
  }

  private ResultLineBuilder common(String experiment, Metric metric) {
    return ResultLine.of(experiment, metric)
        .preset(setup.preset().name())
        .data("random")
        .implementation(ResultLine.Implementation.FEEDLIGHT)
        .dtype("fp32")
        .threads(setup.device().threads())
        .batch(setup.preset().batch())
        .device(setup.device().device());
  }

  private void emit(ResultLineBuilder line, Measurement measurement) {
    lines.add(
        line.value(measurement.median())
            .spread(measurement.low(), measurement.high())
            .n(measurement.n())
            .commit(measurement.commit())
            .build());
  }
}

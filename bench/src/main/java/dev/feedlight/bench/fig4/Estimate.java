package dev.feedlight.bench.fig4;

import java.util.Collection;

/**
 * How long cells will take: entries of their matrices times measured {@link Rates}, and what every
 * JVM costs.
 *
 * @param preset of the run
 * @param rates of the machine
 * @param device its short name
 */
record Estimate(Preset preset, Rates rates, String device) {
  /** Start of a JVM, the small problem's device and JMH's own overhead, measured. */
  private static final double FORK_SECONDS = 1.3;

  /** On the processor. */
  Estimate(Preset preset, Rates rates) {
    this(preset, rates, "cpu");
  }

  /** One step, or one projection of a batch. */
  double stepSeconds(Cell cell) {
    return sum(cell, Rates.Rate::run);
  }

  /** JMH's iterations for the cell. */
  Schedule schedule(Cell cell) {
    return Schedule.of(preset, stepSeconds(cell), device);
  }

  /** All JVMs of a cell, with all that is not measured. */
  double seconds(Cell cell) {
    double fork =
        FORK_SECONDS
            + preset.warmUpMillis(cell) * 1e-3
            + sum(cell, Rates.Rate::setUp)
            + schedule(cell).seconds(stepSeconds(cell));
    return preset.forks() * fork;
  }

  double seconds(Collection<Cell> cells) {
    return cells.stream().mapToDouble(this::seconds).sum();
  }

  @FunctionalInterface
  private interface Part {
    double of(Rates.Rate rate);
  }

  private double sum(Cell cell, Part part) {
    double square = (double) cell.width() * cell.width();
    return switch (cell) {
      case Cell.DigitalStep step when step.rule().equals("dfa") ->
          square * ((step.depth() + 1) * part.of(rates.feedback()) + part.of(rates.digital()));
      case Cell.DigitalStep step -> square * (step.depth() + 1) * part.of(rates.backpropagation());
      case Cell.ElectronicStep step -> square * (step.depth() + 1) * part.of(rates.feedback());
      case Cell.EmulatedStep step ->
          square
              * ((step.depth() + 1) * part.of(rates.feedback())
                  + part.of(rates.optical(step.transmission())));
      case Cell.DigitalProjection _ -> square * part.of(rates.digital());
      case Cell.EmulatedProjection projection ->
          square * part.of(rates.optical(projection.transmission()));
    };
  }
}

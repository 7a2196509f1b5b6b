package dev.feedlight.bench.fig4;

import dev.feedlight.device.Machine;
import java.util.ArrayList;
import java.util.List;

/** A machine on which every cell takes what the plan expects times a factor, on its own clock. */
final class FakeMachine implements Surroundings {
  static final Rates RATES =
      new Rates(rate(1.2e-9), rate(0.8e-9), rate(0.3e-9), rate(0.3e-9), rate(0.4e-9));

  final List<Cell> measured = new ArrayList<>();
  String cpu = "some processor";
  String commit = "abc";
  long freeBytes = 24_000_000_000L;
  double slowness = 1;
  double nowSeconds;

  /** Measuring this cell fails. */
  Cell broken;

  /** The process dies when it comes to this cell. */
  Cell deadly;

  private final Estimate estimate;

  FakeMachine(Preset preset) {
    this.estimate = new Estimate(preset, RATES);
  }

  private static Rates.Rate rate(double run) {
    return new Rates.Rate(3 * run, run);
  }

  /** Stands for kill -9. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Machine machine() {
    return new Machine(cpu, 2, List.of(), 1, "an os", "a jdk");
  }

  @Override
  public String commit() {
    return commit;
  }

  @Override
  public long freeBytes() {
    return freeBytes;
  }

  @Override
  public long nanoTime() {
    return (long) (nowSeconds * 1e9);
  }

  @Override
  public Rates rates() {
    nowSeconds += 5;
    return RATES;
  }

  @Override
  public List<Double> measure(Cell cell, Schedule schedule) throws CellFailedException {
    if (cell.equals(deadly)) {
      throw new Killed();
    }
    nowSeconds += slowness * estimate.seconds(cell);
    if (cell.equals(broken)) {
      throw new CellFailedException("it broke");
    }
    measured.add(cell);
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < estimate.preset().forks() * schedule.iterations(); i++) {
      millis.add(1e3 * estimate.stepSeconds(cell) * (1 + 0.01 * i) / 3);
    }
    return millis;
  }
}

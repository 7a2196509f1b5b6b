package dev.feedlight.bench.fig4;

import dev.feedlight.bench.results.Commit;
import dev.feedlight.device.Machine;
import java.util.List;

/**
 * The machine that the run is on, and JMH.
 *
 * @param preset of the run
 * @param device as on the command line
 * @param threads as for the device
 * @param seed of weights, data, feedback and optics
 */
record ThisMachine(Preset preset, String device, int threads, long seed) implements Surroundings {
  @Override
  public Machine machine() {
    return Machine.detect();
  }

  @Override
  public String commit() {
    return Commit.current();
  }

  @Override
  public long freeBytes() {
    return FreeMemory.bytes();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Rates rates() {
    return new RatesMeasurement(preset, device, threads, seed).measure();
  }

  @Override
  public List<Double> measure(Cell cell, Schedule schedule) throws CellFailedException {
    return new CellRunner(preset, device, threads, seed).measure(cell, schedule);
  }
}

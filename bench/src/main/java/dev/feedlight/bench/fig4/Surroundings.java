package dev.feedlight.bench.fig4;

import dev.feedlight.device.Machine;
import java.util.List;

/** What a run meets outside itself. Tests put their own in its place. */
interface Surroundings {
  Machine machine();

  /** Commit of the code that is measured. */
  String commit();

  /** Memory that a new process can have now, bytes. */
  long freeBytes();

  /** As {@link System#nanoTime()}. */
  long nanoTime();

  /** Measures what the plan rests on. */
  Rates rates();

  /**
   * Measures a cell.
   *
   * @return time of a step in each iteration, ms
   * @throws CellFailedException if it cannot be measured; other cells can
   */
  List<Double> measure(Cell cell, Schedule schedule) throws CellFailedException;
}

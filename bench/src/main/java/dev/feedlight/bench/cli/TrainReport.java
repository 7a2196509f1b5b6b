package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.training.RunLength;
import dev.feedlight.data.Examples;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** What a kind of network is trained on, how it is measured, and what is told of it. */
interface TrainReport {
  /** What it learns from. */
  Examples training();

  /** Whole batches in all of it. */
  long stepsPerEpoch();

  /** For how long. */
  RunLength length();

  /**
   * Measures the trained network.
   *
   * @return numbers by the names that {@code events.jsonl} gives them
   */
  Map<String, Double> measure(DfaEngine engine);

  /**
   * Keeps what was trained, where that was asked for. It comes last: its failure costs no
   * measurement.
   */
  default void keep(PrintStream out, DfaEngine engine) throws IOException {}

  /** Tells of a run that has ended. */
  void printResult(PrintStream out, TrainingResult trained, Map<String, Double> measured);

  /**
   * The result as one JSON object.
   *
   * @param measured null for a run that was interrupted
   */
  JsonLine json(TrainingResult trained, Map<String, Double> measured);
}

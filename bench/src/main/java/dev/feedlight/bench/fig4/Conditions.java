package dev.feedlight.bench.fig4;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What all cells of a folder have in common: cells that differ in one of these must not meet in one
 * figure. The first line of {@code cells.jsonl}.
 *
 * @param preset name
 * @param batch samples per step
 * @param forks JVMs per cell
 * @param digitalWarmUpMillis see {@link Preset}
 * @param opticalWarmUpMillis see {@link Preset}
 * @param warmUpIterations that do not count
 * @param iterations that count, per JVM, where steps are short
 * @param iterationMillis length of an iteration
 * @param device short name
 * @param threads of the device
 * @param seed of weights, data, feedback and optics
 * @param cpu model of the processor, or of the GPU that measured
 * @param jdk name and version
 */
@JsonPropertyOrder({
  "preset",
  "batch",
  "forks",
  "digitalWarmUpMillis",
  "opticalWarmUpMillis",
  "warmUpIterations",
  "iterations",
  "iterationMillis",
  "device",
  "threads",
  "seed",
  "cpu",
  "jdk"
})
record Conditions(
    String preset,
    int batch,
    int forks,
    int digitalWarmUpMillis,
    int opticalWarmUpMillis,
    int warmUpIterations,
    int iterations,
    int iterationMillis,
    String device,
    int threads,
    long seed,
    String cpu,
    String jdk) {
  static Conditions of(
      Preset preset, String device, int threads, long seed, String cpu, String jdk) {
    return new Conditions(
        preset.name(),
        preset.batch(),
        preset.forks(),
        preset.digitalWarmUpMillis(),
        preset.opticalWarmUpMillis(),
        preset.warmUpIterations(),
        preset.iterations(),
        preset.iterationMillis(),
        device,
        threads,
        seed,
        cpu,
        jdk);
  }
}

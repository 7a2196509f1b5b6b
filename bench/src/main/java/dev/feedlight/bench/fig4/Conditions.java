package dev.feedlight.bench.fig4;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.device.Machine;

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
 * @param model of the device
 * @param instructionSet that its products and loops use
 * @param libraries that compute besides Feedlight
 * @param threads of the device
 * @param seed of weights, data, feedback and optics
 * @param cpu model of the processor
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
  "model",
  "instructionSet",
  "libraries",
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
    String model,
    String instructionSet,
    String libraries,
    int threads,
    long seed,
    String cpu,
    String jdk) {
  static Conditions of(Preset preset, DeviceIdentity device, long seed, Machine machine) {
    return new Conditions(
        preset.name(),
        preset.batch(),
        preset.forks(),
        preset.digitalWarmUpMillis(),
        preset.opticalWarmUpMillis(),
        preset.warmUpIterations(),
        preset.iterations(),
        preset.iterationMillis(),
        device.device(),
        device.model(),
        device.instructionSet(),
        device.libraries(),
        device.threads(),
        seed,
        machine.cpu(),
        machine.jdk());
  }
}

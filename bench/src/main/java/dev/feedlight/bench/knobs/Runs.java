package dev.feedlight.bench.knobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was trained so far: baselines by rule, and configurations of the optics. */
final class Runs {
  /** Rules beside the optical one. */
  static final List<String> BASELINES = List.of("bp", "dfa", "shlw");

  private final List<Knob> knobs;
  private final Map<String, List<Outcome>> baselines = new LinkedHashMap<>();
  private final Map<Configuration, List<Outcome>> configurations = new LinkedHashMap<>();

  Runs(List<Knob> knobs) {
    this.knobs = List.copyOf(knobs);
  }

  /** The outcomes of one setting, a seed each. */
  record Set(List<Outcome> outcomes) {
    Seeds of(ToDoubleFunction<Outcome> what) {
      return new Seeds(outcomes.stream().map(what::applyAsDouble).toList());
    }
  }

  List<Knob> knobs() {
    return knobs;
  }

  void add(String rule, List<Outcome> outcomes) {
    baselines.put(rule, List.copyOf(outcomes));
  }

  void add(Configuration configuration, List<Outcome> outcomes) {
    configurations.put(configuration, List.copyOf(outcomes));
  }

  /** Whether a configuration was trained already, for another knob. */
  boolean has(Configuration configuration) {
    return configurations.containsKey(configuration);
  }

  Set baseline(String rule) {
    return new Set(baselines.get(rule));
  }

  Set of(Knob.Setting setting) {
    return new Set(configurations.get(setting.configuration()));
  }

  Set optical() {
    return new Set(configurations.get(Configuration.DEFAULT));
  }
}

package dev.feedlight.bench.fig2;

import dev.feedlight.bench.results.ResultLine.Configuration;
import dev.feedlight.bench.training.Training;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import java.util.Locale;

/** The five curves of the paper's Fig. 2c. */
enum Fig2Curve {
  /** Backpropagation where it is best. */
  BP_OWN("BP, own configuration", Configuration.OWN),
  /** Backpropagation in the configuration of the others. */
  BP("BP", Configuration.ODFA),
  /** Direct feedback by an exact projection. */
  DFA("DFA", Configuration.ODFA),
  /** Direct feedback by light. */
  ODFA("ODFA", Configuration.ODFA),
  /** The last decoder layer alone. */
  SHLW("SHLW", Configuration.ODFA);

  private final String label;
  private final Configuration configuration;

  Fig2Curve(String label, Configuration configuration) {
    this.label = label;
    this.configuration = configuration;
  }

  /** For people. */
  String label() {
    return label;
  }

  Configuration configuration() {
    return configuration;
  }

  /** Also the name of its folder, but for the seed. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  LearningRule rule(Fig2Preset preset) {
    return switch (this) {
      case BP_OWN, BP -> new Backpropagation();
      case DFA -> preset.signal().digital();
      case ODFA -> preset.signal().optical();
      case SHLW -> new LastBlockOnly();
    };
  }

  Training training(Fig2Preset preset) {
    return configuration == Configuration.OWN ? preset.own() : preset.adopted();
  }

  /** Whether signals stand in the place of gradients. */
  boolean fed() {
    return this == DFA || this == ODFA;
  }
}

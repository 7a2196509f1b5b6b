package dev.feedlight.bench.fig3;

import dev.feedlight.EngineBuilder;
import dev.feedlight.bench.results.ResultLine.Configuration;
import dev.feedlight.bench.results.ResultLine.Model;
import dev.feedlight.bench.training.FullyConnected;
import dev.feedlight.bench.training.Signal;
import dev.feedlight.bench.training.Training;
import dev.feedlight.device.Activation;
import dev.feedlight.learn.Backpropagation;
import dev.feedlight.learn.LastBlockOnly;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.FeedbackPoints;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The networks of the paper's Fig. 3, each by several ways of training. */
enum Fig3Curve {
  /** The Transformer by backpropagation. */
  VIT_BP(Model.VIT, "BP", Configuration.ODFA),
  /** By an exact projection. */
  VIT_DFA(Model.VIT, "DFA", Configuration.ODFA),
  /** By light. */
  VIT_ODFA(Model.VIT, "ODFA", Configuration.ODFA),
  /** The last layer alone. */
  VIT_SHLW(Model.VIT, "SHLW", Configuration.ODFA),
  /** The fully connected network by backpropagation where it is best. */
  FCNN_BP_OWN(Model.FCNN, "BP, own configuration", Configuration.OWN),
  /** By backpropagation in the configuration of ODFA. */
  FCNN_BP(Model.FCNN, "BP", Configuration.ODFA),
  /** By an exact projection. */
  FCNN_DFA(Model.FCNN, "DFA", Configuration.ODFA),
  /** By light. */
  FCNN_ODFA(Model.FCNN, "ODFA", Configuration.ODFA);

  private final Model model;
  private final String way;
  private final Configuration configuration;

  Fig3Curve(Model model, String way, Configuration configuration) {
    this.model = model;
    this.way = way;
    this.configuration = configuration;
  }

  Model model() {
    return model;
  }

  /** The way of training, for people. */
  String way() {
    return way;
  }

  Configuration configuration() {
    return configuration;
  }

  /** Network and way of training, for people. */
  String label() {
    return network() + " by " + way;
  }

  /** The network, for people. */
  String network() {
    return model == Model.VIT ? "ViT" : "FCNN";
  }

  /** Also the name of its folder, but for the seed. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All of one network. */
  static List<Fig3Curve> of(Model model) {
    return Stream.of(values()).filter(curve -> curve.model == model).toList();
  }

  LearningRule rule(Fig3Preset preset) {
    return switch (this) {
      case VIT_BP, FCNN_BP_OWN, FCNN_BP -> new Backpropagation();
      case VIT_DFA, FCNN_DFA -> signal(preset).digital();
      case VIT_ODFA, FCNN_ODFA -> signal(preset).optical();
      case VIT_SHLW -> new LastBlockOnly();
    };
  }

  Training training(Fig3Preset preset) {
    return configuration == Configuration.OWN ? preset.fcnnOwn() : settings(preset).training();
  }

  /** From the error to the signal of direct feedback. */
  Signal signal(Fig3Preset preset) {
    return settings(preset).signal();
  }

  private Fig3Preset.Adopted settings(Fig3Preset preset) {
    return model == Model.VIT ? preset.vitAdopted() : preset.fcnnAdopted();
  }

  /** Describes the network for the maps of the data. */
  void describe(EngineBuilder builder, Fig3Preset preset, Fig3Data data) {
    switch (model) {
      case VIT -> builder.vit(data.on(preset.vit()), FeedbackPoints.MICRO);
      default -> FullyConnected.describe(builder, data.on(preset.fcnn()), Activation.TANH);
    }
  }

  /** Parameters of the network. */
  long parameters(Fig3Preset preset, Fig3Data data) {
    return model == Model.VIT
        ? data.on(preset.vit()).parameters()
        : data.on(preset.fcnn()).parameters();
  }

  /** Those of blocks that get a projected signal. */
  long fedParameters(Fig3Preset preset, Fig3Data data) {
    return model == Model.VIT
        ? data.on(preset.vit()).fedParameters()
        : data.on(preset.fcnn()).fedParameters();
  }

  boolean optical() {
    return this == VIT_ODFA || this == FCNN_ODFA;
  }
}

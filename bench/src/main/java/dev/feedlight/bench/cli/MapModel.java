package dev.feedlight.bench.cli;

import dev.feedlight.EngineBuilder;
import dev.feedlight.learn.LearningRule;

/** A network from maps to maps that has not been made, as {@code train vit|fcnn} tells of it. */
interface MapModel {
  /** {@code vit} or {@code fcnn}. */
  String name();

  /** Describes it to an engine. */
  void configure(EngineBuilder builder);

  /** Its extents in a line. */
  String text();

  /** Weights, biases and gains. */
  long parameters();

  /** Those of blocks that get a projected signal. */
  long fedParameters();

  /** Rows of a batch that an example takes. */
  long rowsPerExample();

  /** Operations of a step's products per example. */
  double flopsPerExample(LearningRule rule);

  /** Its parts and what they have. */
  void print(ParameterTable table);

  /** Adds its extents to the JSON object of a run. */
  void put(JsonLine line);
}

package dev.feedlight.bench.training;

import dev.feedlight.EngineBuilder;
import dev.feedlight.device.Activation;
import dev.feedlight.learn.Loss;
import dev.feedlight.nn.FcnnShape;

/** A fully connected network from maps to maps. */
public final class FullyConnected {
  private FullyConnected() {}

  /** Describes it to an engine: dense blocks, a last block of several, the mean squared error. */
  public static void describe(EngineBuilder builder, FcnnShape shape, Activation hidden) {
    builder.inputs(shape.inputs()).loss(Loss.MEAN_SQUARED_ERROR);
    shape.hidden().forEach(width -> builder.dense(width, hidden));
    builder.dense(shape.outputs(), Activation.IDENTITY).lastBlock(shape.exactLayers());
  }
}

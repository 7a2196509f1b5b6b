package dev.feedlight.engine;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.TrainingResult;
import dev.feedlight.data.FashionMnist;
import dev.feedlight.data.Split;
import dev.feedlight.device.Activation;

/** The program of the README. */
final class TenLineProgram {
  private TenLineProgram() {}

  static void main() {
    // tag::readme
    Split data = FashionMnist.embedded();
    EngineBuilder builder = DfaEngine.builder().inputs(784).rule("odfa");
    builder.dense(256, Activation.TANH).dense(256, Activation.TANH);
    builder.dense(10, Activation.IDENTITY).batch(64).seed(1);
    try (DfaEngine engine = builder.build()) {
      TrainingResult training = engine.train(data.training(), 3);
      System.out.println("accuracy " + engine.evaluate(data.test()).accuracy());
      System.out.println("measured seconds " + training.seconds());
      System.out.println("modelled optical seconds " + training.modelledOpticalSeconds());
    }
    // end::readme
  }
}

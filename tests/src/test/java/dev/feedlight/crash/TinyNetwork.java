package dev.feedlight.crash;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.SyntheticDataset;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Parameter;
import java.util.ArrayList;
import java.util.List;

/** Two hundred weights under optical feedback with the camera's noise, dropout and Adam. */
final class TinyNetwork {
  static final int STEPS_PER_EPOCH = 7;

  private TinyNetwork() {}

  static EngineBuilder builder() {
    return DfaEngine.builder()
        .inputs(9)
        .dense(11, Activation.TANH)
        .dense(5, Activation.IDENTITY)
        .rule("odfa")
        .dropout(0.2)
        .learningRate(1e-2)
        .batch(4)
        .seed(3);
  }

  /** Some examples fill no batch. */
  static Dataset data() {
    return SyntheticDataset.classification(4 * STEPS_PER_EPOCH + 3, 9, 5, 6);
  }

  /** All weights, optimizer state included; Float.equals compares bits. */
  static List<Float> weights(DfaEngine engine) {
    List<Float> all = new ArrayList<>();
    for (Parameter parameter : engine.network().parameters()) {
      add(all, parameter.read());
      parameter
          .state()
          .forEach(
              slot -> {
                float[] values = new float[slot.shape().arrayLength()];
                engine.device().read(slot, values);
                add(all, values);
              });
    }
    return all;
  }

  private static void add(List<Float> all, float[] values) {
    for (float value : values) {
      all.add(value);
    }
  }
}

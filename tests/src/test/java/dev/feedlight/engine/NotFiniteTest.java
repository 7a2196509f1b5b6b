package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.data.DataException;
import dev.feedlight.data.SyntheticDataset;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Scope;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.NotFiniteException;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Dense;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not finite is seen where it arises, and nothing is lost by it. */
final class NotFiniteTest {
  private static final SyntheticDataset DATA = SyntheticDataset.classification(64, 5, 3, 1);

  private static DfaEngine engine(Activation activation) {
    return DfaEngine.builder()
        .inputs(5)
        .dense(7, activation)
        .dense(3, Activation.IDENTITY)
        .rule("bp")
        .batch(8)
        .build();
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void aSpoiledWeightIsSeenInTheFirstStep(Activation activation) {
    try (DfaEngine engine = engine(activation)) {
      spoil(engine);
      assertThatThrownBy(() -> engine.train(DATA, 1))
          .isInstanceOf(NotFiniteException.class)
          .hasMessageContaining("block 0 (dense1)")
          .hasMessageContaining("step 0");
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void evaluationAndPredictionRefuseASpoiledNetwork(Activation activation) {
    try (DfaEngine engine = engine(activation)) {
      spoil(engine);
      assertThatThrownBy(() -> engine.evaluate(DATA))
          .isInstanceOf(NotFiniteException.class)
          .hasMessageContaining("dense1");
      assertThatThrownBy(() -> engine.predict(new float[5])).isInstanceOf(NotFiniteException.class);
    }
  }

  @Test
  void predictionRefusesInputsThatAreNotFiniteAndGoesOn() {
    try (DfaEngine engine = engine(Activation.TANH)) {
      float[] inputs = new float[15];
      inputs[7] = Float.NaN;
      assertThatThrownBy(() -> engine.predict(inputs))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("sample 1 has NaN at input feature 2");
      inputs[7] = 0;
      assertThat(engine.predict(inputs)).hasSize(9);
      engine.train(DATA, 1);
    }
  }

  @Test
  void aScheduleThatIsNotANumberIsRefusedBeforeTheWeightsChange() {
    try (DfaEngine engine =
        DfaEngine.builder()
            .inputs(5)
            .dense(3, Activation.IDENTITY)
            .batch(8)
            .schedule((step, steps) -> step < 2 ? 0.1f : Float.NaN)
            .build()) {
      assertThatThrownBy(() -> engine.train(DATA, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("NaN at step 2 of 8");
      assertThat(engine.network().parameters().getFirst().read()).doesNotContain(Float.NaN);
    }
  }

  @Test
  void oneNetworkIsTrainedByOneRuleAfterTheOther() {
    try (Device device = CpuDevice.open(1);
        Scope weights = device.openScope("weights")) {
      Network network =
          new Network(List.of(new Dense(device, weights, "a", 4, 2, Activation.IDENTITY, 1, 0)));
      for (Optimizer optimizer : List.of(Optimizer.adam(), Optimizer.sgd(), Optimizer.adam())) {
        float[] before = network.parameters().getFirst().read();
        try (TrainingStep step =
            new TrainingStep(
                device,
                network,
                LearningRules.named("bp"),
                Loss.MEAN_SQUARED_ERROR,
                optimizer,
                2,
                1)) {
          device.eager().fill(step.input(), 1);
          device.eager().fill(step.target(), 3);
          step.run(0.1f, 0);
        }
        assertThat(network.parameters().getFirst().read()).isNotEqualTo(before);
      }
    }
  }

  @Test
  void anEngineSurvivesAnotherThatDoesNotFit() {
    try (Device device = CpuDevice.open(1, 5_400_000)) {
      try (DfaEngine first = big(device, 2048, Optimizer.adam())) {
        assertThatThrownBy(() -> big(device, 4096, Optimizer.sgd()))
            .isInstanceOf(DeviceException.class);
        try (Scope others = device.openScope("others")) {
          Tensor foreign = others.allocate("foreign", Shape.vector(100_000), DType.F32);
          device.eager().fill(foreign, 7);
          first.train(SyntheticDataset.classification(128, 20, 10, 1), 1);
          float[] untouched = new float[100_000];
          device.read(foreign, untouched);
          float[] expected = new float[100_000];
          Arrays.fill(expected, 7);
          assertThat(untouched).isEqualTo(expected);
        }
      }
    }
  }

  private static DfaEngine big(Device device, long width, Optimizer optimizer) {
    return DfaEngine.builder()
        .device(device)
        .inputs(20)
        .dense(width, Activation.TANH)
        .dense(10, Activation.IDENTITY)
        .optimizer(optimizer)
        .batch(64)
        .build();
  }

  private static void spoil(DfaEngine engine) {
    float[] values = engine.network().parameters().getFirst().read();
    Arrays.fill(values, Float.NaN);
    engine.network().parameters().getFirst().write(values);
  }
}

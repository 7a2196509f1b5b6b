package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.Checkpointing;
import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.LoadReport;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.device.cuda.StandIn;
import dev.feedlight.learn.DirectFeedback;
import dev.feedlight.learn.LearningRule;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.opu.Drift;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import dev.feedlight.opu.TransmissionMatrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training with a matrix by cuRAND and with products by cuBLAS, on their stand-ins. */
final class CudaLibrariesTrainingTest {
  private static final ArrayDataset DATA = ArrayDataset.classification(320, 19, 5, 1);
  private static final OpuSettings CURAND =
      OpuSettings.defaults().withMatrix(TransmissionMatrix.CURAND);

  /** As {@link CudaTrainingTest}: both sum in fp32, in different orders, through 40 steps. */
  private static final double TOLERANCE = 2e-3;

  private static EngineBuilder builder(Device device, LearningRule rule) {
    return builder(device).rule(rule);
  }

  private static EngineBuilder builder(Device device) {
    return DfaEngine.builder()
        .inputs(19)
        .dense(33, Activation.TANH)
        .dense(20, Activation.GELU)
        .dense(5, Activation.IDENTITY)
        .learningRate(1e-3)
        .batch(16)
        .seed(7)
        .device(device);
  }

  private static LearningRule optical(OpuSettings unit) {
    return new DirectFeedback(new OpticalProjector(unit));
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa"})
  void productsByCublasTrainAsTheProcessorDoes(String rule) {
    double expected;
    try (Device device = CpuDevice.open(1);
        DfaEngine engine = builder(device).rule(rule).build()) {
      expected = engine.train(DATA, 2).finalLoss();
    }
    try (Device device = StandIn.openWithCublas();
        DfaEngine engine = builder(device).rule(rule).build()) {
      assertThat(device.identity().libraries()).isEqualTo("CUDA driver 12.6, cuBLAS 12.6.4");
      assertThat(device.description()).endsWith("fp32 products by cuBLAS 12.6.4");
      double loss = engine.train(DATA, 2).finalLoss();
      assertThat(Math.abs(loss - expected) <= TOLERANCE)
          .as("loss %s, of the CPU %s", loss, expected)
          .isTrue();
    }
  }

  @Test
  void aMatrixByCurandTrains() {
    try (Device device = StandIn.open();
        DfaEngine engine = builder(device, optical(CURAND)).build()) {
      double before = engine.evaluate(DATA).loss();
      engine.train(DATA, 4);
      assertThat(engine.evaluate(DATA).loss()).isLessThan(before);
      assertThat(engine.matrixOrigin().generator().library()).isEqualTo("cuRAND");
    }
  }

  @Test
  void interruptedTrainingGoesOnBitForBit(@TempDir Path folder) throws Exception {
    List<float[]> expected;
    try (Device device = StandIn.open();
        DfaEngine engine = builder(device, optical(CURAND)).build()) {
      engine.train(DATA, 2);
      expected = weights(engine);
    }
    try (Device device = StandIn.open();
        DfaEngine engine =
            builder(device, optical(CURAND))
                .checkpoints(new Checkpointing(folder, 13, 9))
                .build()) {
      engine.train(DATA, 2);
    }
    Path middle = folder.resolve("step-000000000013");
    assertThat(Files.readString(middle.resolve("state.json")))
        .contains("\"matrix_origin\"", "\"cuRAND\"", "\"10.3.7\"", "PHILOX4_32_10", "\"seeds\"");
    try (Device device = StandIn.open();
        DfaEngine engine = builder(device, optical(CURAND)).build()) {
      LoadReport report = engine.load(middle);
      assertThat(report.elsewhere()).isNull();
      engine.resume(DATA);
      List<float[]> weights = weights(engine);
      for (int i = 0; i < weights.size(); i++) {
        assertThat(weights.get(i)).containsExactly(expected.get(i));
      }
    }
  }

  /** The estimate of memory is what is allocated, the matrix, its selection and drift included. */
  @Test
  void memoryIsKnownBefore() {
    OpuSettings selecting =
        CURAND.withReadout(CURAND.readout().withSelection(new PixelSelection(2, 0.01)));
    for (OpuSettings unit : List.of(CURAND, selecting, selecting.withDrift(new Drift(200, 24)))) {
      try (Device device = StandIn.open()) {
        EngineBuilder settings = builder(device, optical(unit));
        try (DfaEngine engine = settings.build()) {
          Map<String, Long> actual = new LinkedHashMap<>(engine.memory().scopes());
          actual.remove("kernel scratch");
          assertThat(actual).isEqualTo(settings.memory().scopes());
        }
      }
    }
  }
}

package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.cpu.CpuDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed gives the same bits, whoever else trains at the time. */
final class DeterminismTest {
  /** 50 batches of 16. */
  private static final ArrayDataset DATA = ArrayDataset.classification(800, 19, 5, 1);

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void theSameSeedGivesTheSameBits(String rule) {
    for (int threads : new int[] {1, 2}) {
      List<float[]> first = train(rule, 7, threads, 1);
      assertThat(same(train(rule, 7, threads, 1), first)).isTrue();
      assertThat(same(train(rule, 8, threads, 1), first)).isFalse();
    }
  }

  @Test
  void theSeedDecidesTheInitialWeights() {
    try (DfaEngine one = builder("dfa", 1).build();
        DfaEngine again = builder("dfa", 1).build();
        DfaEngine other = builder("dfa", 2).build()) {
      assertThat(same(weights(again), weights(one))).isTrue();
      for (int weight = 0; weight < 6; weight += 2) {
        assertThat(weights(other).get(weight)).isNotEqualTo(weights(one).get(weight));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void anEpochAndAnotherAreTwoEpochs(String rule) {
    assertThat(same(train(rule, 7, 2, 1, 1), train(rule, 7, 2, 2))).isTrue();
    assertThat(same(train(rule, 7, 2, 1), train(rule, 7, 2, 2))).isFalse();
  }

  @Test
  void enginesInOneProcessDoNotDisturbEachOther() throws Exception {
    List<String> rules = List.of("bp", "dfa", "odfa", "odfa");
    List<List<float[]>> alone = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      alone.add(train(rules.get(i), i, 2, 2));
    }
    List<Callable<List<float[]>>> together = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      int number = i;
      together.add(() -> train(rules.get(number), number, 2, 2));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(rules.size())) {
      List<Future<List<float[]>>> results = threads.invokeAll(together);
      for (int i = 0; i < results.size(); i++) {
        assertThat(same(results.get(i).get(), alone.get(i))).as(rules.get(i)).isTrue();
      }
    }
  }

  @Test
  void enginesTakingTurnsDoNotDisturbEachOther() {
    List<float[]> aloneDfa = train("dfa", 1, 2, 1, 1);
    List<float[]> aloneBp = train("bp", 1, 2, 1, 1);
    try (Device device = CpuDevice.open(2);
        DfaEngine dfa = builder("dfa", 1).device(device).build();
        DfaEngine bp = builder("bp", 1).device(device).build()) {
      for (int i = 0; i < 2; i++) {
        dfa.train(DATA, 1);
        bp.train(DATA, 1);
      }
      assertThat(same(weights(dfa), aloneDfa)).isTrue();
      assertThat(same(weights(bp), aloneBp)).isTrue();
    }
  }

  @Test
  void evaluationAndPredictionChangeNothing() {
    List<float[]> undisturbed = train("odfa", 1, 2, 1, 1);
    try (Device device = CpuDevice.open(2);
        DfaEngine engine = builder("odfa", 1).device(device).build()) {
      engine.train(DATA, 1);
      engine.evaluate(DATA);
      engine.predict(DATA.flatInputs());
      engine.train(DATA, 1);
      assertThat(same(weights(engine), undisturbed)).isTrue();
    }
  }

  private static EngineBuilder builder(String rule, long seed) {
    return DfaEngine.builder()
        .inputs(19)
        .dense(33, Activation.TANH)
        .dense(20, Activation.GELU)
        .dense(5, Activation.IDENTITY)
        .rule(rule)
        .optimizer(Optimizer.adam())
        .learningRate(1e-3)
        .batch(16)
        .seed(seed);
  }

  private static List<float[]> train(String rule, long seed, int threads, int... epochs) {
    try (Device device = CpuDevice.open(threads);
        DfaEngine engine = builder(rule, seed).device(device).build()) {
      for (int count : epochs) {
        engine.train(DATA, count);
      }
      return weights(engine);
    }
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }

  /** By bits; NaN or a sign of 0 would differ too. */
  private static boolean same(List<float[]> a, List<float[]> b) {
    assertThat(a).hasSameSizeAs(b);
    for (int i = 0; i < a.size(); i++) {
      if (Arrays.mismatch(a.get(i), b.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }
}

package dev.feedlight.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.feedlight.gradient.DenseChain;
import dev.feedlight.gradient.RandomValues;
import dev.feedlight.learn.GradientSettings;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.Network;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A step allocates nothing that grows with the network, on any of the device's threads. It is not
 * exactly nothing: the control words travel through short-lived views of memory, and what the
 * compiler has not yet compiled boxes vectors (400 bytes when all is compiled, a few thousand when
 * other tests have trained its profiles); hence the best of several rounds, and a bound well below
 * one activation.
 */
final class StepAllocationTest {
  static final int ROUNDS = 30;
  private static final int REPLAYS = 100;
  static final long BOUND = 16_384;
  private static final int BATCH = 64;
  private static final int WIDTH = 256;

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void aStepAllocatesNextToNothing(String rule) {
    try (Device device = TestDevice.CPU_2.open()) {
      measure(device, rule, 0, GradientSettings.DIRECT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa"})
  void norDoDropoutClippingAndMicroBatches(String rule) {
    try (Device device = TestDevice.CPU_2.open()) {
      measure(device, rule, 0.3f, new GradientSettings(2, 0.1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa"})
  void norDoesAStepThatRoundsItsOperands(String rule) {
    try (Device device = Bf16Device.open(2)) {
      measure(device, rule, 0, GradientSettings.DIRECT);
    }
  }

  private static void measure(
      Device device, String rule, float dropout, GradientSettings settings) {
    try (Scope scope = device.openScope("weights")) {
      Network network =
          DenseChain.build(
              device,
              scope,
              Activation.TANH,
              Activation.IDENTITY,
              dropout,
              1,
              WIDTH,
              WIDTH,
              WIDTH,
              10);
      try (TrainingStep step =
          new TrainingStep(
              device,
              network,
              LearningRules.named(rule),
              Loss.SOFTMAX_CROSS_ENTROPY,
              Optimizer.adam(),
              BATCH,
              settings,
              1)) {
        int rows = BATCH / settings.microBatches();
        device.write(step.input(), RandomValues.normal(2, rows * WIDTH, 1));
        device.write(step.target(), RandomValues.labels(3, rows, 10));
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && best >= BOUND; round++) {
          best = Math.min(best, bytesPerStep(step));
        }
        assertThat(best).isLessThan(BOUND);
        assertThat(4 * BOUND).isLessThanOrEqualTo(4L * BATCH * WIDTH);
      }
    }
  }

  /** What the caller and the workers allocate in one of a hundred steps. */
  static long bytesPerStep(TrainingStep step) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] ids =
        Thread.getAllStackTraces().keySet().stream()
            .filter(
                thread ->
                    thread == Thread.currentThread()
                        || thread.getName().startsWith("feedlight-worker"))
            .mapToLong(Thread::threadId)
            .toArray();
    assertThat(ids).hasSizeGreaterThanOrEqualTo(2);
    long before = Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
    for (int i = 0; i < REPLAYS; i++) {
      for (int micro = 0; micro < step.microBatches(); micro++) {
        step.run(1e-4f, i, micro);
      }
    }
    return (Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum() - before) / REPLAYS;
  }
}

package dev.feedlight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.Residual;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A small GPT learns a periodic language: 1 0 2 0 3 0 ... 7 0 1 0 ..., begun at any of its letters.
 * What follows a letter is 0; what follows a 0 is known only to who looks back at the letter before
 * it: neither the token nor its position tells.
 */
final class GptTrainingTest {
  private static final int LETTERS = 7;
  private static final int CONTEXT = 12;
  private static final int SEQUENCES = 8;
  private static final GptShape SHAPE =
      new GptShape(LETTERS + 1, CONTEXT, 16, 3, 2, 32, Residual.STANDARDIZED);

  /** Half of all tokens are 0, the others all letters alike. */
  private static final double UNIGRAM_ENTROPY = 0.5 * Math.log(2) + 0.5 * Math.log(2 * LETTERS);

  @ParameterizedTest
  @EnumSource(FeedbackPoints.class)
  void learnsTheLanguageByBackpropagation(FeedbackPoints points) {
    assertThat(train(new Backpropagation(), points, 300)).isLessThan(0.03);
  }

  @ParameterizedTest
  @EnumSource(FeedbackPoints.class)
  void learnsMoreThanFrequenciesByDirectFeedback(FeedbackPoints points) {
    LearningRule rule = new DirectFeedback(new RandomMatrix());
    assertThat(train(rule, points, 300)).isLessThan(UNIGRAM_ENTROPY - 0.5);
  }

  @ParameterizedTest
  @EnumSource(FeedbackPoints.class)
  void learnsByLight(FeedbackPoints points) {
    LearningRule rule =
        new DirectFeedback(new OpticalProjector(), ProjectedError.LAST_BLOCK_INPUT, true);
    assertThat(train(rule, points, 300)).isLessThan(UNIGRAM_ENTROPY - 0.5);
  }

  private static double train(LearningRule rule, FeedbackPoints points, int steps) {
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("test")) {
      Network network =
          GptNetwork.build(device, scope, SHAPE, points, InitialWeights.UNIT_VARIANCE, 1);
      try (TrainingStep step = step(device, network, rule)) {
        Random random = new Random(2);
        double sum = 0;
        int last = 20;
        for (int i = 0; i < steps; i++) {
          load(device, step, random);
          step.run(3e-3f, i);
          sum += i >= steps - last ? step.loss() : 0;
        }
        step.requireFinite();
        return sum / last;
      }
    }
  }

  private static TrainingStep step(Device device, Network network, LearningRule rule) {
    return new TrainingStep(
        device,
        network,
        rule,
        Loss.SOFTMAX_CROSS_ENTROPY,
        Optimizer.adam(),
        SEQUENCES * CONTEXT,
        3);
  }

  /** A batch of sequences that begin at random letters, and what follows each token. */
  private static void load(Device device, TrainingStep step, Random random) {
    int[] tokens = new int[SEQUENCES * CONTEXT];
    int[] labels = new int[tokens.length];
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      int letter = random.nextInt(LETTERS);
      for (int i = 0; i < CONTEXT; i++) {
        tokens[sequence * CONTEXT + i] = token(letter, i);
        labels[sequence * CONTEXT + i] = token(letter, i + 1);
      }
    }
    device.write(step.input(), tokens);
    device.write(step.target(), labels);
  }

  private static int token(int letter, int place) {
    return place % 2 == 1 ? 0 : 1 + (letter + place / 2) % LETTERS;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bp", "dfa", "odfa", "shlw"})
  void everyRuleTrainsTheBlocksThatItSays(String name) {
    LearningRule rule = LearningRules.named(name);
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("test")) {
      Network network =
          GptNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      try (TrainingStep step = step(device, network, rule)) {
        for (int block = 0; block < network.blocks().size(); block++) {
          List<float[]> before = values(network, block);
          load(device, step, new Random(2));
          step.run(1e-2f, block);
          step.requireFinite();
          List<float[]> after = values(network, block);
          List<Parameter> parameters = network.blocks().get(block).parameters();
          for (int i = 0; i < parameters.size(); i++) {
            boolean same = Arrays.equals(before.get(i), after.get(i));
            assertThat(same)
                .as(parameters.get(i).name())
                .isEqualTo(!trained(rule, network, block, parameters.get(i)));
          }
        }
      }
    }
  }

  /**
   * The normalisation with which a block begins is trained if the gradient at the block's input is
   * wanted.
   */
  private static boolean trained(
      LearningRule rule, Network network, int block, Parameter parameter) {
    // With two signals a layer: both norms of the first layers, that of attention in the last.
    boolean first = parameter.name().matches("h[.]([01][.]ln_.|2[.]ln_1)[.].*");
    return rule.trains(network, block) && (!first || rule.name().equals("bp"));
  }

  private static List<float[]> values(Network network, int block) {
    return network.blocks().get(block).parameters().stream().map(Parameter::read).toList();
  }

  /** Before anything is learned, the signals of all blocks but the last are strangers to BP's. */
  @ParameterizedTest
  @EnumSource(FeedbackPoints.class)
  void alignmentIsMeasuredForEveryBlock(FeedbackPoints points) {
    try (Device device = TestDevice.CPU_2.open();
        Scope scope = device.openScope("test")) {
      Network network =
          GptNetwork.build(device, scope, SHAPE, points, InitialWeights.UNIT_VARIANCE, 1);
      LearningRule rule = new DirectFeedback(new RandomMatrix());
      try (TrainingStep step = step(device, network, rule);
          AlignmentProbe probe = new AlignmentProbe(step)) {
        load(device, step, new Random(2));
        List<BlockAlignment> alignments = probe.measure(0);
        assertThat(alignments)
            .extracting(BlockAlignment::name)
            .isEqualTo(network.blocks().stream().map(Block::name).toList());
        assertThat(alignments.getLast().gradientMean()).isEqualTo(1);
        for (BlockAlignment alignment : alignments.subList(0, alignments.size() - 1)) {
          assertThat(Math.abs(alignment.gradientMean())).isLessThan(0.5);
        }
        step.run(1e-3f, 0);
        step.requireFinite();
      }
    }
  }
}

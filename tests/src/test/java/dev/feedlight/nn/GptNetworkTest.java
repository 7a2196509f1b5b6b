package dev.feedlight.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Device;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.learn.LearningRules;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a GPT is made of, and how many parameters it has. */
final class GptNetworkTest {
  private static final GptShape SHAPE = new GptShape(11, 4, 6, 3, 2, 10, Residual.STANDARDIZED);

  /** Half of the last digit that the numbers below have. */
  private static final Percentage FOUR_DIGITS = Percentage.withPercentage(0.05);

  @Test
  void thePaperHasThisManyParameters() {
    assertThat(GptShape.PAPER.parameters()).isCloseTo(1_070_000_000L, FOUR_DIGITS);
  }

  @Test
  void thePapersOutputProjectionsAndSecondMatricesHaveThisManyWeights() {
    assertThat(GptShape.PAPER.projectionWeights()).isCloseTo(399_500_000L, FOUR_DIGITS);
  }

  @Test
  void thosePaperWeightsThatReceiveLightAreThisMany() {
    assertThat(GptShape.PAPER.fedWeights()).isCloseTo(387_000_000L, FOUR_DIGITS);
  }

  @Test
  void presetsAreOfTheirSizes() {
    assertThat(GptShape.SMALL.parameters()).isBetween(10_000_000L, 30_000_000L);
    assertThat(GptShape.TINY.parameters()).isBetween(1_000_000L, 2_000_000L);
    assertThat(List.of(GptShape.TINY, GptShape.SMALL, GptShape.PAPER))
        .allSatisfy(shape -> assertThat(shape.context()).isEqualTo(24))
        .allSatisfy(shape -> assertThat(shape.hidden()).isEqualTo(2 * shape.width()));
    assertThat(GptShape.PAPER.width() / GptShape.PAPER.heads()).isEqualTo(120);
  }

  @ParameterizedTest
  @EnumSource(FeedbackPoints.class)
  void whatIsCountedIsWhatIsBuilt(FeedbackPoints points) {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Network network =
          GptNetwork.build(device, scope, SHAPE, points, InitialWeights.UNIT_VARIANCE, 1);
      assertThat(network.parameterCount()).isEqualTo(SHAPE.parameters());
      assertThat(weightsOf(network.parameters())).isEqualTo(SHAPE.projectionWeights());
      List<Parameter> fed =
          network.blocks().subList(0, network.blocks().size() - 1).stream()
              .flatMap(block -> block.parameters().stream())
              .toList();
      assertThat(weightsOf(fed)).isEqualTo(SHAPE.fedWeights());
    }
  }

  @ParameterizedTest
  @CsvSource({"bp, MICRO", "bp, MACRO", "dfa, MICRO", "dfa, MACRO", "shlw, MICRO", "odfa, MACRO"})
  void whatIsKeptIsWhatIsAllocated(String rule, FeedbackPoints points) {
    long tokens = 5 * SHAPE.context();
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Network network =
          GptNetwork.build(device, scope, SHAPE, points, InitialWeights.UNIT_VARIANCE, 1);
      TrainingStep step =
          new TrainingStep(
              device,
              network,
              LearningRules.named(rule),
              Loss.SOFTMAX_CROSS_ENTROPY,
              Optimizer.sgd(),
              tokens,
              1);
      try (step) {
        long tokenLabelAndError = 2 + SHAPE.vocabulary();
        long loss = 1;
        assertThat(device.memory().scopes())
            .containsEntry(
                "activations", 4 * (tokens * (SHAPE.valuesPerToken() + tokenLabelAndError) + loss));
      }
    }
  }

  private static long weightsOf(List<Parameter> parameters) {
    return parameters.stream()
        .filter(parameter -> parameter.name().endsWith(".c_proj.weight"))
        .mapToLong(parameter -> parameter.shape().elements())
        .sum();
  }

  @Test
  void blocksAreWhatReceivesASignal() {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      assertThat(
              names(
                  GptNetwork.build(
                      device, scope, SHAPE, FeedbackPoints.MACRO, InitialWeights.UNIT_VARIANCE, 1)))
          .containsExactly("embedding", "h.0", "h.1", "h.2 and head");
      assertThat(
              names(
                  GptNetwork.build(
                      device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1)))
          .containsExactly(
              "embedding", "h.0.attn", "h.0.mlp", "h.1.attn", "h.1.mlp", "h.2 and head");
    }
  }

  private static List<String> names(Network network) {
    return network.blocks().stream().map(Block::name).toList();
  }

  @Test
  void parametersAreNamedAndMadeAlikeWhereverSignalsEnter() {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      List<Parameter> macro =
          GptNetwork.build(
                  device, scope, SHAPE, FeedbackPoints.MACRO, InitialWeights.UNIT_VARIANCE, 1)
              .parameters();
      List<Parameter> micro =
          GptNetwork.build(
                  device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1)
              .parameters();
      assertThat(macro.stream().map(Parameter::name))
          .doesNotHaveDuplicates()
          .startsWith(
              "wte.weight",
              "wpe.weight",
              "h.0.ln_1.weight",
              "h.0.ln_1.bias",
              "h.0.attn.c_attn.weight",
              "h.0.attn.c_attn.bias",
              "h.0.attn.c_proj.weight",
              "h.0.attn.c_proj.bias",
              "h.0.ln_2.weight",
              "h.0.ln_2.bias",
              "h.0.mlp.c_fc.weight",
              "h.0.mlp.c_fc.bias",
              "h.0.mlp.c_proj.weight",
              "h.0.mlp.c_proj.bias")
          .endsWith("ln_f.weight", "ln_f.bias", "lm_head.weight");
      for (int i = 0; i < macro.size(); i++) {
        assertThat(micro.get(i).name()).isEqualTo(macro.get(i).name());
        assertThat(micro.get(i).read()).isEqualTo(macro.get(i).read());
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new GptShape(11, 4, 7, 3, 2, 10, Residual.STANDARDIZED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a width of 7 cannot be cut into 2 heads");
    assertThatThrownBy(() -> new GptShape(11, 0, 6, 3, 2, 10, Residual.STANDARDIZED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("context 0");
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Network network =
          GptNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      assertThat(network.inputType()).isEqualTo(DType.S32);
      assertThatThrownBy(() -> network.bind(scope, scope.allocate("x", new Shape(6, 1), DType.S32)))
          .isInstanceOf(ShapeException.class)
          .hasMessage("6 tokens are no whole sequences of 4; use a multiple of it");
      assertThatThrownBy(() -> network.bind(scope, scope.allocate("x", new Shape(8, 1), DType.F32)))
          .isInstanceOf(ShapeException.class)
          .hasMessage("the network takes S32 inputs, the batch is F32");
      assertThatThrownBy(() -> network.bind(scope, scope.allocate("x", new Shape(8, 2), DType.S32)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("takes 1 inputs, the batch has 2");
      Block embedding = network.blocks().getFirst();
      assertThatThrownBy(() -> new Network(List.of(network.blocks().get(1), embedding)))
          .isInstanceOf(ShapeException.class)
          .hasMessage("block embedding takes S32 and can only be the first");
      assertThatThrownBy(() -> new Chain("none", new Workspace(), List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("chain none needs at least one block");
    }
  }
}

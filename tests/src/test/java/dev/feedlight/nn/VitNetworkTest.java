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

/** What ViTs and FCNNs are made of, and how many parameters they have. */
final class VitNetworkTest {
  private static final VitShape SHAPE = shape(4, 2);

  /** The paper gives two or three digits; its shapes are not published, ours meet its counts. */
  private static final Percentage AS_THE_PAPER_SAYS = Percentage.withPercentage(3);

  private static VitShape shape(int layers, int exactLayers) {
    return new VitShape(
        new PatchGrid(3, 4, 6, 2),
        new PatchGrid(2, 4, 6, 2),
        6,
        layers,
        exactLayers,
        3,
        10,
        Residual.STANDARDIZED);
  }

  @Test
  void thePapersCountsAreMet() {
    assertThat(VitShape.PAPER.parameters()).isCloseTo(200_000_000L, AS_THE_PAPER_SAYS);
    assertThat(VitShape.PAPER.fedParameters()).isCloseTo(134_000_000L, AS_THE_PAPER_SAYS);
    assertThat(VitShape.PAPER.input().values()).isEqualTo(55_296);
    assertThat(VitShape.PAPER.output().values()).isEqualTo(13_824);
    assertThat(FcnnShape.PAPER.parameters()).isCloseTo(1_300_000_000L, AS_THE_PAPER_SAYS);
    assertThat(FcnnShape.PAPER.fedParameters()).isCloseTo(1_030_000_000L, AS_THE_PAPER_SAYS);
    assertThat(FcnnShape.PAPER.inputs()).isEqualTo(55_296);
    assertThat(FcnnShape.PAPER.outputs()).isEqualTo(13_824);
    assertThat(FcnnShape.PAPER.hidden()).isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void presetsAreOfTheirSizes() {
    assertThat(VitShape.TINY.parameters()).isBetween(200_000L, 500_000L);
    assertThat(VitShape.MEDIUM.parameters()).isBetween(3_000_000L, 4_000_000L);
    assertThat(FcnnShape.TINY.parameters()).isBetween(1_000_000L, 2_000_000L);
    assertThat(FcnnShape.MEDIUM.parameters()).isBetween(15_000_000L, 20_000_000L);
    assertThat(VitShape.MEDIUM.on(4, 1, 96, 144).input()).isEqualTo(new PatchGrid(4, 96, 144, 8));
  }

  @ParameterizedTest
  @CsvSource({"MICRO, 1", "MACRO, 2", "MICRO, 4"})
  void whatIsCountedIsWhatIsBuilt(FeedbackPoints points, int exactLayers) {
    VitShape shape = shape(4, exactLayers);
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Network network =
          VitNetwork.build(device, scope, shape, points, InitialWeights.UNIT_VARIANCE, 1);
      assertThat(network.parameterCount()).isEqualTo(shape.parameters());
      assertThat(parameters(network.blocks().subList(0, network.blocks().size() - 1)))
          .isEqualTo(shape.fedParameters());
    }
  }

  private static long parameters(List<Block> blocks) {
    return blocks.stream()
        .flatMap(block -> block.parameters().stream())
        .mapToLong(parameter -> parameter.shape().elements())
        .sum();
  }

  @ParameterizedTest
  @CsvSource({"bp, MICRO, 1", "bp, MACRO, 2", "dfa, MICRO, 2", "dfa, MACRO, 4", "shlw, MICRO, 2"})
  void whatIsKeptIsWhatIsAllocated(String rule, FeedbackPoints points, int exactLayers) {
    VitShape shape = shape(4, exactLayers);
    long rows = 5L * shape.input().patches();
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Network network =
          VitNetwork.build(device, scope, shape, points, InitialWeights.UNIT_VARIANCE, 1);
      TrainingStep step =
          new TrainingStep(
              device,
              network,
              LearningRules.named(rule),
              Loss.MEAN_SQUARED_ERROR,
              Optimizer.sgd(),
              rows,
              1);
      try (step) {
        long inputTargetAndError = shape.input().patchValues() + 2 * shape.outputs();
        long loss = 1;
        assertThat(device.memory().scopes())
            .containsEntry(
                "activations", 4 * (rows * (shape.valuesPerToken() + inputTargetAndError) + loss));
      }
    }
  }

  @Test
  void blocksAndParametersHaveNames() {
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Network network =
          VitNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MACRO, InitialWeights.UNIT_VARIANCE, 1);
      assertThat(network.blocks().stream().map(Block::name))
          .containsExactly("embedding", "h.0", "h.1", "h.2 to h.3 and head");
      assertThat(network.parameters().stream().map(Parameter::name))
          .doesNotHaveDuplicates()
          .startsWith("patch.weight", "patch.bias", "wpe.weight", "h.0.ln_1.weight")
          .endsWith("ln_f.weight", "ln_f.bias", "head.weight");
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> shape(4, 5)).hasMessageContaining("1 to all of its 4 layers, not 5");
    assertThatThrownBy(() -> VitShape.MEDIUM.on(4, 1, 48, 70))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("48 x 70 cells cannot be cut into patches of 8 x 8");
    assertThatThrownBy(() -> new FcnnShape(4, List.of(3L), 2, 3))
        .hasMessageContaining("1 to all of the 2 layers, not 3");
    try (Device device = TestDevice.CPU_1.open();
        Scope scope = device.openScope("test")) {
      Network network =
          VitNetwork.build(
              device, scope, SHAPE, FeedbackPoints.MICRO, InitialWeights.UNIT_VARIANCE, 1);
      Shape shape = new Shape(8, network.inputs());
      assertThatThrownBy(() -> network.bind(scope, scope.allocate("x", shape, DType.F32)))
          .isInstanceOf(ShapeException.class)
          .hasMessage("8 patches are no whole examples of 6; use a multiple of it");
    }
  }
}

package dev.feedlight.bench.cli;

import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.VitShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code train vit}: a vision Transformer from maps to maps. */
@Command(
    name = "vit",
    description = {
      "Train a vision Transformer from maps to maps by any of the four rules and measure its"
          + " error.",
      ""
    },
    footer = {
      "  feedlight train vit --rule odfa",
      "  feedlight train vit --rule odfa --preset medium --data climate --data-dir climate",
      "  feedlight train vit --rule dfa --preset medium --feedback macro --epochs 2 --json",
      "  feedlight train vit --rule odfa --preset paper --optimizer sgd --dry-run",
      "  feedlight train vit --rule odfa --checkpoint run1 --every 20 --resume",
      "",
      "Loss and error weigh each cell by its area. Sizes and shapes are this project's: the paper",
      "says 200M parameters, 134M of them fed by light, and no more."
    })
final class TrainVitCommand extends TrainMapsCommand {
  @Option(
      names = "--preset",
      paramLabel = "SIZE",
      defaultValue = "tiny",
      description =
          "tiny: 0.3 million parameters; medium: 3.2 million, both for maps of 48 x 72; paper: 200"
              + " million for 96 x 144. Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Mixin private final FeedbackOptions feedbackOptions = new FeedbackOptions();

  @Mixin private final InitialWeightsOptions initialWeightsOptions = new InitialWeightsOptions();

  @Mixin private final ResidualOptions residualOptions = new ResidualOptions();

  TrainVitCommand(Streams streams, Interruption interruption) {
    super(streams, interruption);
  }

  @Override
  String preset() {
    return preset;
  }

  private VitShape shape() {
    return switch (preset) {
      case "medium" -> VitShape.MEDIUM;
      case "paper" -> VitShape.PAPER;
      default -> VitShape.TINY;
    };
  }

  @Override
  MapData.Extents presetExtents() {
    VitShape shape = shape();
    return new MapData.Extents(
        shape.input().channels(),
        shape.output().channels(),
        shape.input().height(),
        shape.input().width());
  }

  @Override
  MapModel model(CommandSpec command, LearningRule rule, MapData.Extents extents) {
    feedbackOptions.check(command, rule);
    return new VitModel(
        shape()
            .on(extents.channels(), extents.maps(), extents.height(), extents.width())
            .withResidual(residualOptions.residual()),
        feedbackOptions.points(),
        initialWeightsOptions.orElse(InitialWeights.UNIT_VARIANCE));
  }
}

package dev.feedlight.bench.cli;

import dev.feedlight.learn.LearningRule;
import dev.feedlight.nn.FcnnShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code train fcnn}: a wide fully connected network from maps to maps. */
@Command(
    name = "fcnn",
    description = {
      "Train a fully connected network from maps to maps by any of the four rules and measure its"
          + " error.",
      ""
    },
    footer = {
      "  feedlight train fcnn --rule odfa",
      "  feedlight train fcnn --rule odfa --preset medium --data climate --data-dir climate",
      "  feedlight train fcnn --rule bp --preset medium --epochs 2 --json",
      "  feedlight train fcnn --rule odfa --preset paper --optimizer sgd --batch 4 --dry-run",
      "",
      "The last two layers are one block, trained by its exact gradient under every rule. Loss and",
      "error weigh each cell by its area. Widths are this project's: the paper says 1.3e9",
      "parameters in four layers, 1.03e9 of them fed by light, and no more."
    })
final class TrainFcnnCommand extends TrainMapsCommand {
  /** Data of presets tiny and medium. */
  private static final MapData.Extents SMALL_GRID = new MapData.Extents(4, 1, 48, 72);

  private static final MapData.Extents PAPER_GRID = new MapData.Extents(4, 1, 96, 144);

  @Option(
      names = "--preset",
      paramLabel = "SIZE",
      defaultValue = "tiny",
      description =
          "tiny: 1.6 million parameters; medium: 17 million, both for maps of 48 x 72; paper: 1.3"
              + " billion for 96 x 144. Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Mixin private final ActivationOptions activationOptions = new ActivationOptions();

  TrainFcnnCommand(Streams streams, Interruption interruption) {
    super(streams, interruption);
  }

  @Override
  String preset() {
    return preset;
  }

  private FcnnShape shape() {
    return switch (preset) {
      case "medium" -> FcnnShape.MEDIUM;
      case "paper" -> FcnnShape.PAPER;
      default -> FcnnShape.TINY;
    };
  }

  @Override
  MapData.Extents presetExtents() {
    return preset.equals("paper") ? PAPER_GRID : SMALL_GRID;
  }

  @Override
  MapModel model(CommandSpec command, LearningRule rule, MapData.Extents extents) {
    return new FcnnModel(
        shape().on(extents.inputs(), extents.outputs()), activationOptions.activation());
  }
}

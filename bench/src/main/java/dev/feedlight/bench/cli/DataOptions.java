package dev.feedlight.bench.cli;

import dev.feedlight.data.DataException;
import dev.feedlight.data.FashionMnist;
import dev.feedlight.data.MissingFilesException;
import dev.feedlight.data.Split;
import dev.feedlight.data.SyntheticDataset;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What a network learns from. */
final class DataOptions {
  /** The set that is read, as {@code --data} and the catalog call it. */
  static final String FASHION_MNIST = "fashion-mnist";

  private static final List<String> SYNTHETIC = List.of("--examples", "--inputs", "--classes");

  @Option(
      names = "--data",
      paramLabel = "NAME",
      defaultValue = FASHION_MNIST,
      description =
          "fashion-mnist: without --data-dir the subset in the jar; synthetic: random data, to"
              + " measure speed. Default: ${DEFAULT-VALUE}.")
  private String data;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Folder with the four files of Fashion-MNIST, or of another set of ten classes in the"
              + " same layout; feedlight data fetch fashion-mnist makes one.")
  private Path directory;

  @Option(
      names = "--examples",
      paramLabel = "N",
      defaultValue = "7680",
      description =
          "Synthetic training examples; a fifth of it for the test."
              + " Default: ${DEFAULT-VALUE}.")
  private long examples;

  @Option(
      names = "--inputs",
      paramLabel = "N",
      defaultValue = "784",
      description = "Width of synthetic examples. Default: ${DEFAULT-VALUE}.")
  private int inputs;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "10",
      description = "Classes of synthetic examples. Default: ${DEFAULT-VALUE}.")
  private int classes;

  @Option(
      names = "--hold-back",
      paramLabel = "N",
      description =
          "Keep N training examples back and measure on them instead of the test set: to choose"
              + " settings by.")
  private Long heldBack;

  /**
   * Data and the name that results carry.
   *
   * @param label short name
   * @param split training and test examples
   */
  record Loaded(String label, Split split) {}

  Loaded load(CommandSpec spec, long seed) {
    Loaded whole = whole(spec, seed);
    if (heldBack == null) {
      return whole;
    }
    return new Loaded(
        whole.label() + ", " + heldBack + " held back", whole.split().holdBack(heldBack));
  }

  private Loaded whole(CommandSpec spec, long seed) {
    if (Arguments.oneOf("--data", List.of(FASHION_MNIST, "synthetic"), data).equals("synthetic")) {
      Arguments.refuse(spec, "with --data synthetic", List.of("--data-dir"));
      return new Loaded("synthetic", synthetic(seed));
    }
    Arguments.refuse(spec, "without --data synthetic", SYNTHETIC);
    return images(directory);
  }

  /** Images of ten classes: those of a folder, or the subset in the jar if there is none. */
  static Loaded images(Path directory) {
    if (directory == null) {
      return new Loaded("fashion-mnist-subset", FashionMnist.embedded());
    }
    Path folder = directory.toAbsolutePath().normalize();
    try {
      return new Loaded(String.valueOf(folder.getFileName()), FashionMnist.load(directory));
    } catch (MissingFilesException e) {
      throw new DataException(
          e.getMessage() + "; to fetch them: " + DataFetchCommand.line(FASHION_MNIST, directory),
          e);
    }
  }

  private Split synthetic(long seed) {
    Arguments.atLeast("--examples", 1, examples);
    Arguments.atLeast("--inputs", 1, inputs);
    Arguments.atLeast("--classes", 2, classes);
    long test = Math.max(1, examples / 5);
    return new Split(
        SyntheticDataset.classification(examples, inputs, classes, seed),
        SyntheticDataset.classification(test, inputs, classes, ~seed));
  }
}

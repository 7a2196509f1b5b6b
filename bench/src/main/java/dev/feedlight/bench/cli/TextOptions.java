package dev.feedlight.bench.cli;

import dev.feedlight.data.text.CornellDialogues;
import dev.feedlight.data.text.Shakespeare;
import dev.feedlight.data.text.TextCorpus;
import dev.feedlight.data.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The text that a language model learns from. */
final class TextOptions {
  private static final String SHAKESPEARE = "shakespeare";
  private static final String CORNELL = "cornell";
  private static final String TEXT = "text";

  @Option(
      names = "--data",
      paramLabel = "NAME",
      defaultValue = SHAKESPEARE,
      description =
          "shakespeare: dialogue in the jar; cornell: the Movie-Dialogs Corpus, of --data-dir;"
              + " text: the plain text of --data-dir. Default: ${DEFAULT-VALUE}.")
  private String data;

  @Option(
      names = "--data-dir",
      paramLabel = "PATH",
      description =
          "For cornell the official zip, its folder, or pairs (.tsv, .tsv.gz); for text a file in"
              + " UTF-8, plain or .gz.")
  private Path place;

  /** The options as they were given, for the command line that repeats a run. */
  List<String> words() {
    return place == null
        ? List.of("--data", data)
        : List.of("--data", data, "--data-dir", place.toString());
  }

  TextCorpus load(CommandSpec spec) throws IOException {
    Arguments.oneOf("--data", List.of(SHAKESPEARE, CORNELL, TEXT), data);
    if (data.equals(SHAKESPEARE)) {
      Arguments.refuse(spec, "with --data shakespeare, which is in the jar", List.of("--data-dir"));
      return Shakespeare.embedded();
    }
    if (place == null) {
      throw new UsageException(
          "--data "
              + data
              + " needs --data-dir"
              + (data.equals(CORNELL) ? "; the corpus is at " + CornellDialogues.SOURCE : ""));
    }
    return data.equals(CORNELL) ? CornellDialogues.load(place) : TextFile.load(place);
  }
}

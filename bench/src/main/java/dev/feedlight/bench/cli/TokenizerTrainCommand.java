package dev.feedlight.bench.cli;

import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextCorpus;
import dev.feedlight.data.text.TextSplit;
import dev.feedlight.data.text.Unigrams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tokenizer train}: a tokenizer from the training part of a text. */
@Command(
    name = "train",
    description = {
      "Train a byte-level tokenizer by merged pairs on the training part of a text, and write it as"
          + " Hugging Face's tokenizer.json.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight tokenizer train --out tokenizer.json",
      "  feedlight tokenizer train --data text --data-dir book.txt --vocabulary 4096"
          + " --out book.json",
      "  feedlight tokenizer train --data cornell --data-dir cornell_movie_dialogs_corpus.zip"
          + " --out t.json",
      "",
      "Parts are whole conversations, about 90, 5 and 5 %% of the text, chosen by --seed. The",
      "entropy is that of the frequencies of tokens: what a model loses that ignores the context."
    })
final class TokenizerTrainCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Mixin private final TextOptions textOptions = new TextOptions();

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "1016",
      description = "Tokens, the 256 bytes among them. Default: ${DEFAULT-VALUE}, the paper's.")
  private int vocabulary;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of the parts of the text. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The tokenizer.json; replaced if it is there.")
  private Path file;

  @Option(names = "--json", description = "End with one JSON object on standard output.")
  private boolean json;

  TokenizerTrainCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (Files.isDirectory(file)) {
      throw new UsageException("--out " + file + " is a folder, not a file");
    }
    TextCorpus corpus = textOptions.load(spec);
    TextSplit split = TextSplit.of(corpus, seed);
    BytePairTokenizer tokenizer = BytePairTokenizer.train(split.training(), vocabulary);
    ReportLines report = new ReportLines(streams.text(json));
    report.print(
        "text",
        "%s: %,d passages, %,d characters",
        corpus.name(),
        corpus.passages().size(),
        corpus.characters());
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("training", part(report, "training", tokenizer, split.training()));
    parts.put("validation", part(report, "validation", tokenizer, split.validation()));
    parts.put("test", part(report, "test", tokenizer, split.test()));
    tokenizer.write(file);
    report.print("wrote", "%s: %,d tokens", file, tokenizer.vocabulary());
    if (json) {
      streams
          .out()
          .println(
              new JsonLine()
                  .put("command", "tokenizer train")
                  .put("data", corpus.name())
                  .put("seed", seed)
                  .put("vocabulary", tokenizer.vocabulary())
                  .put("uniform_nats", Math.log(tokenizer.vocabulary()))
                  .put("parts", parts)
                  .put("file", file.toString())
                  .put("sha256", tokenizer.sha256()));
    }
    return Failures.DONE;
  }

  private static Map<String, Object> part(
      ReportLines report, String name, BytePairTokenizer tokenizer, TextCorpus part) {
    int[] tokens = tokenizer.encode(part);
    Unigrams unigrams = Unigrams.of(tokens, tokenizer.vocabulary());
    report.print(
        name,
        "%,d passages, %,d tokens of %.2f characters, entropy %.3f nats of %.3f",
        part.passages().size(),
        tokens.length,
        (double) part.characters() / tokens.length,
        unigrams.entropyNats(),
        unigrams.uniformNats());
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("passages", part.passages().size());
    numbers.put("tokens", tokens.length);
    numbers.put("unigram_nats", unigrams.entropyNats());
    return numbers;
  }
}

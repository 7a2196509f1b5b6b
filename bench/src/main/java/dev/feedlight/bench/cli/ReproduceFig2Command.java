package dev.feedlight.bench.cli;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.fig2.Fig2Preset;
import dev.feedlight.bench.fig2.Fig2Request;
import dev.feedlight.bench.fig2.Fig2Run;
import dev.feedlight.bench.fig2.Prompt;
import dev.feedlight.bench.training.GptData;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextCorpus;
import dev.feedlight.data.text.TextSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reproduce fig2}: a generative Transformer by five ways of training. */
@Command(
    name = "fig2",
    description = {
      "The paper's Fig. 2: a generative Transformer trained by BP in its own configuration, and by"
          + " BP, DFA, ODFA and SHLW in that of ODFA. Writes loss curves, text at 0, 20 and 100 %%"
          + " of the training, the attention of a prompt, alignment, and the trained models.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight reproduce fig2 --out results",
      "  feedlight reproduce fig2 --preset small --data cornell --data-dir corpus.zip --seeds 3"
          + " --out",
      "    results",
      "  feedlight reproduce fig2 --preset paper --dry-run --out results",
      "  feedlight generate --model results/fig2-runs/odfa-seed1/model --prompt \"JACK: \"",
      "",
      "Killed or interrupted and started again with the same --out it goes on: runs that have"
          + " ended",
      "are kept, one under way continues from its last checkpoint. A folder with runs of other",
      "settings is refused."
    })
final class ReproduceFig2Command implements Callable<Integer> {
  /** Which conversations are what part; the seeds of the runs leave it as it is. */
  private static final long SPLIT_SEED = 1;

  private final Streams streams;
  private final Interruption interruption;

  @Spec private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      defaultValue = "tiny",
      description =
          "tiny: 1.6 million parameters, at most ten minutes on two cores; small: 18 million,"
              + " hours; paper: 1.07 billion and two epochs, for a GPU. Default: ${DEFAULT-VALUE}.")
  private String preset;

  @Mixin private final TextOptions textOptions = new TextOptions();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description =
          "What the networks go on with, and whose attention is drawn. Default: the paper's, as"
              + " many of its words as the context holds.")
  private String prompt;

  @Mixin private final FigureOptions figureOptions = new FigureOptions();

  ReproduceFig2Command(Streams streams, Interruption interruption) {
    this.streams = streams;
    this.interruption = interruption;
  }

  @Override
  public Integer call() throws IOException {
    figureOptions.check();
    Fig2Preset chosen = chosenPreset();
    int runs = figureOptions.seeds(chosen.seeds());
    GptData data = data(chosen);
    long context = chosen.shape().context();
    String text =
        prompt == null
            ? Prompt.paper(data.tokenizer(), context)
            : Prompt.checked(prompt, data.tokenizer(), context);
    try (DeviceChoice choice = figureOptions.open()) {
      Fig2Request request =
          new Fig2Request(
              chosen,
              data,
              text,
              choice,
              figureOptions.seed(),
              runs,
              figureOptions.directory(),
              figureOptions.repeat("fig2", preset, words(), runs),
              interruption::requested);
      return figureOptions.carryOut(
          new Fig2Run(request, streams.out()), spec, data.record(), streams, interruption);
    }
  }

  private GptData data(Fig2Preset chosen) throws IOException {
    TextCorpus corpus = textOptions.load(spec);
    TextSplit split = TextSplit.of(corpus, SPLIT_SEED);
    int vocabulary = Math.toIntExact(chosen.shape().vocabulary());
    return GptData.of(
        corpus,
        split,
        BytePairTokenizer.train(split.training(), vocabulary),
        Math.toIntExact(chosen.shape().context()),
        chosen.stride(),
        chosen.heldOutWindows());
  }

  private Fig2Preset chosenPreset() {
    List<Fig2Preset> presets =
        Stream.concat(Fig2Preset.PRESETS.stream(), Stream.of(Fig2Preset.SMOKE)).toList();
    List<String> names = presets.stream().map(Fig2Preset::name).toList();
    return presets.get(names.indexOf(Arguments.oneOf("--preset", names, preset)));
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(textOptions.words());
    if (prompt != null) {
      words.addAll(List.of("--prompt", "'" + prompt.replace("'", "'\\''") + "'"));
    }
    return words;
  }
}

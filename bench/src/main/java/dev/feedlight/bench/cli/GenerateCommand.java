package dev.feedlight.bench.cli;

import dev.feedlight.GptModel;
import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.lm.Sampling;
import dev.feedlight.lm.TextGenerator.Continuation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code generate}: text from a trained model. */
@Command(
    name = "generate",
    description = {"Go on with a prompt by a trained GPT; the text appears as it comes.", ""},
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  feedlight generate --model model --prompt \"JACK: \"",
      "  feedlight generate --model model --prompt \"JACK: \" --temperature 0.7 --top-k 40 --seed"
          + " 7",
      "  feedlight generate --model model --prompt \"JACK: \" --tokens 50 --json",
      "",
      "A model is a folder with config.json, model.safetensors and tokenizer.json, as train gpt",
      "--model writes it. It sees as many tokens as its context has: the prompt must fit, and of",
      "longer text it sees the end. The same arguments on the same device give the same text."
    })
final class GenerateCommand implements Callable<Integer> {
  /** More than anybody reads. */
  private static final int MOST_TOKENS = 10_000_000;

  private final Streams streams;

  @Option(names = "--model", paramLabel = "DIR", required = true, description = "The model.")
  private Path model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      required = true,
      description = "What the text begins with; not empty, at most the context's tokens.")
  private String prompt;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "200",
      description = "Tokens that are drawn. Default: ${DEFAULT-VALUE}.")
  private int tokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1",
      description =
          "Logits are divided by it; 0 takes the most probable token. Default: ${DEFAULT-VALUE}.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Draw among the K most probable tokens; 0 for all. Default: ${DEFAULT-VALUE}.")
  private int topK;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of the draws. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private final DeviceOptions deviceOptions = new DeviceOptions();

  @Option(
      names = "--json",
      description = "End with one JSON object on standard output; the text goes to standard error.")
  private boolean json;

  GenerateCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--tokens", 1, tokens);
    if (tokens > MOST_TOKENS) {
      throw new UsageException("--tokens must be at most " + MOST_TOKENS + ", not " + tokens);
    }
    if (prompt.isEmpty()) {
      throw new UsageException("--prompt is empty: give at least one character to go on from");
    }
    Sampling sampling =
        Arguments.accepted("--temperature, --top-k", () -> new Sampling(temperature, topK, seed));
    try (DeviceChoice choice = deviceOptions.open();
        GptModel opened = GptModel.open(choice.device(), model)) {
      opened.generator().prompt(prompt); // refused before anything is printed
      PrintStream text = streams.text(json);
      text.print(prompt);
      text.flush();
      long start = System.nanoTime();
      Continuation written =
          opened
              .generator()
              .generate(
                  prompt,
                  tokens,
                  sampling,
                  part -> {
                    text.print(part);
                    text.flush();
                  });
      double seconds = (System.nanoTime() - start) * 1e-9;
      text.println();
      if (json) {
        streams
            .out()
            .println(
                new JsonLine()
                    .put("command", "generate")
                    .put("model", model.toString())
                    .put("device", choice.device().name())
                    .put("threads", choice.device().threads())
                    .put("parameters", opened.shape().parameters())
                    .put("temperature", temperature)
                    .put("top_k", topK)
                    .put("seed", seed)
                    .put("prompt", prompt)
                    .put("prompt_tokens", written.prompt().length)
                    .put("text", written.text())
                    .put("tokens", written.tokens())
                    .put("seconds", seconds));
      }
    }
    return Failures.DONE;
  }
}

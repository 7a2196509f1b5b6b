package dev.feedlight.engine;

import dev.feedlight.DfaEngine;
import dev.feedlight.EngineBuilder;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextCorpus;
import dev.feedlight.data.text.TokenWindows;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.Residual;
import java.util.List;

/** A GPT of some thousand parameters and a text of one line, again and again. */
final class GptProblem {
  static final int CONTEXT = 6;

  static final BytePairTokenizer TOKENIZER = tokenizer("to be or not to be, that is the question");

  static final GptShape SHAPE =
      new GptShape(TOKENIZER.vocabulary(), CONTEXT, 16, 3, 2, 24, Residual.STANDARDIZED);

  private GptProblem() {}

  /** With three merges of that text. */
  static BytePairTokenizer tokenizer(String text) {
    return BytePairTokenizer.train(new TextCorpus("a line", List.of(text.repeat(3))), 259);
  }

  /** So many windows, one token apart. */
  static TokenWindows windows(String name, int size) {
    int[] line = TOKENIZER.encode("to be or not to be, that is the question: whether 'tis nobler ");
    int[] tokens = new int[size + CONTEXT];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = line[i % line.length];
    }
    return new TokenWindows(name, tokens, TOKENIZER.vocabulary(), CONTEXT, 1);
  }

  /** Batches of 8 windows, 48 tokens. */
  static EngineBuilder builder() {
    return DfaEngine.builder()
        .gpt(SHAPE, FeedbackPoints.MICRO, TOKENIZER)
        .learningRate(3e-3)
        .batch(8)
        .seed(5);
  }
}

package dev.feedlight.lm;

import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextStream;
import dev.feedlight.nn.GptDecoder;
import dev.feedlight.tensor.ShapeException;
import java.util.function.Consumer;

/** Goes on with a prompt, token by token. */
public final class TextGenerator {
  private final GptDecoder decoder;
  private final BytePairTokenizer tokenizer;

  /**
   * Joins a model and its tokenizer.
   *
   * @param decoder gives logits; stays the caller's
   * @param tokenizer of the same vocabulary
   * @throws dev.feedlight.data.text.TokenizerException if it has another one
   */
  public TextGenerator(GptDecoder decoder, BytePairTokenizer tokenizer) {
    this.decoder = decoder;
    this.tokenizer =
        tokenizer.requireVocabulary(Math.toIntExact(decoder.shape().vocabulary()), "the tokenizer");
  }

  /**
   * What was written.
   *
   * @param prompt tokens of the prompt
   * @param tokens drawn
   * @param text of the drawn tokens
   */
  @SuppressWarnings("ArrayRecordComponent") // a result that is read once
  public record Continuation(int[] prompt, int[] tokens, String text) {}

  /**
   * The tokens of a prompt, if it can be gone on with.
   *
   * @param text not empty, of at most as many tokens as the context: none is left out unseen
   * @return at least one
   * @throws ShapeException if it is empty or too long
   * @throws dev.feedlight.data.DataException if it is no sound Unicode
   */
  public int[] prompt(String text) {
    if (text.isEmpty()) {
      throw new ShapeException("the prompt is empty: give at least one character to go on from");
    }
    int[] tokens = tokenizer.encode(text);
    long context = decoder.shape().context();
    if (tokens.length > context) {
      throw new ShapeException(
          "the prompt has "
              + tokens.length
              + " tokens, and the model sees "
              + context
              + " at once: give a shorter one, or its end alone");
    }
    return tokens;
  }

  /**
   * Goes on with a prompt. Once prompt and text fill the context, the model sees the last tokens of
   * both, as many as the context has. The same prompt, sampling and device give the same text;
   * other devices round logits otherwise, which may turn a draw that is all but a tie.
   *
   * @param prompt as {@link #prompt} takes it
   * @param tokens how many are drawn
   * @param sampling how
   * @param listener is given the text as it comes, whole characters only
   * @return what was written
   * @throws ShapeException if the prompt is empty or longer than the context
   * @throws dev.feedlight.data.DataException if the prompt is no sound Unicode, or the model's
   *     numbers overflow
   */
  public Continuation generate(
      String prompt, int tokens, Sampling sampling, Consumer<String> listener) {
    int[] given = prompt(prompt);
    int[] drawn = new int[tokens];
    StringBuilder text = new StringBuilder();
    Consumer<String> heard =
        part -> {
          if (!part.isEmpty()) {
            text.append(part);
            listener.accept(part);
          }
        };
    TextStream stream = new TextStream(tokenizer);
    decoder.restart();
    float[] logits = tokens == 0 ? null : decoder.append(given);
    for (int i = 0; i < tokens; i++) {
      drawn[i] = sampling.draw(logits, i);
      heard.accept(stream.append(drawn[i]));
      if (i + 1 < tokens) {
        logits = decoder.append(drawn[i]);
      }
    }
    heard.accept(stream.end());
    return new Continuation(given, drawn, text.toString());
  }
}

package dev.feedlight.bench.fig2;

import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.tensor.ShapeException;
import java.nio.charset.StandardCharsets;

/** What the networks go on with, and its tokens as one reads them. */
public final class Prompt {
  /** The paper's. */
  private static final String PAPER =
      "JACK: The problem is not the problem. The problem is your attitude about the problem.";

  private Prompt() {}

  /** The paper's prompt, as many of its words as a context holds. */
  public static String paper(BytePairTokenizer tokenizer, long context) {
    String words = PAPER;
    while (tokenizer.encode(words).length > context && words.contains(" ")) {
      words = words.substring(0, words.lastIndexOf(' '));
    }
    return words;
  }

  /**
   * Checks a prompt.
   *
   * @return the same
   * @throws ShapeException if it is empty or has more tokens than the context
   */
  public static String checked(String prompt, BytePairTokenizer tokenizer, long context) {
    int tokens = tokenizer.encode(prompt).length;
    if (tokens < 1 || tokens > context) {
      throw new ShapeException(
          "the prompt has " + tokens + " tokens: give one of 1 to " + context + ", the context");
    }
    return prompt;
  }

  /** A token with its blanks made visible; bytes that are no text by their number. */
  static String visible(BytePairTokenizer tokenizer, int token) {
    byte[] bytes = tokenizer.token(token);
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      StringBuilder numbers = new StringBuilder();
      for (byte value : bytes) {
        numbers.append(String.format("\\x%02x", value & 0xFF));
      }
      return numbers.toString();
    }
    return text.replace(' ', '\u00B7').replace("\n", "\u21B5").replace("\t", "\u2192");
  }
}

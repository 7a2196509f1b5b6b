package dev.feedlight.bench.training;

import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TextCorpus;
import dev.feedlight.data.text.TextSplit;
import dev.feedlight.data.text.TokenWindows;
import dev.feedlight.data.text.Unigrams;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A text as windows of tokens.
 *
 * @param label name of the text
 * @param tokenizer that made the tokens
 * @param training what is learned
 * @param heldOut validation part: what settings are chosen by
 * @param test what is measured once, at the end
 */
public record GptData(
    String label, BytePairTokenizer tokenizer, TokenWindows training, Part heldOut, Part test) {
  /**
   * A part that is measured.
   *
   * @param windows spread over it
   * @param unigrams its tokens' frequencies
   */
  public record Part(TokenWindows windows, Unigrams unigrams) {}

  /**
   * Encodes the parts of a text.
   *
   * @param most windows of a part that are measured, about: where the part has more, they lie apart
   */
  public static GptData of(
      TextCorpus corpus,
      TextSplit split,
      BytePairTokenizer tokenizer,
      int context,
      int stride,
      int most) {
    return new GptData(
        corpus.name(),
        tokenizer,
        new TokenWindows(
            split.training().name(),
            tokenizer.encode(split.training()),
            tokenizer.vocabulary(),
            context,
            stride),
        part(split.validation(), tokenizer, context, most),
        part(split.test(), tokenizer, context, most));
  }

  private static Part part(TextCorpus text, BytePairTokenizer tokenizer, int context, int most) {
    int[] tokens = tokenizer.encode(text);
    int apart = Math.max(context, Math.ceilDiv(tokens.length, most));
    return new Part(
        new TokenWindows(text.name(), tokens, tokenizer.vocabulary(), context, apart),
        Unigrams.of(tokens, tokenizer.vocabulary()));
  }

  /** For the record of a run. */
  public Map<String, Object> record() {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", label);
    entry.put("tokenizer_sha256", tokenizer.sha256());
    put(entry, "training", training);
    put(entry, "heldout", heldOut.windows);
    put(entry, "test", test.windows);
    return entry;
  }

  private static void put(Map<String, Object> entry, String part, TokenWindows windows) {
    entry.put(part + "_tokens", windows.tokens());
    entry.put(part + "_windows", windows.size());
    entry.put(part + "_sha256", windows.sha256());
  }
}

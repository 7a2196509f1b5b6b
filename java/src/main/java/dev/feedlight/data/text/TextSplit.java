package dev.feedlight.data.text;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.DataException;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A corpus in three parts, by whole passages: windows overlap, so that windows drawn at random
 * would put the same words on both sides. Passages of equal text go the same way.
 *
 * @param training what the network, and the tokenizer, learn from
 * @param validation what settings are chosen by
 * @param test what is measured at the end
 */
public record TextSplit(TextCorpus training, TextCorpus validation, TextCorpus test) {
  /** Share of each of validation and test (ours). */
  public static final double DEFAULT_SHARE = 0.05;

  /** Fewest different passages: one for each part. */
  private static final int MIN_PASSAGES = 3;

  /**
   * Divides a corpus: {@link #DEFAULT_SHARE} for validation, as much for the test.
   *
   * @param corpus all of it
   * @param seed decides which passages go where
   * @return the parts
   * @throws ShortTextException if it has fewer than three different passages
   */
  public static TextSplit of(TextCorpus corpus, long seed) {
    return of(corpus, seed, DEFAULT_SHARE, DEFAULT_SHARE);
  }

  /**
   * Divides a corpus. Parts keep the order of the corpus; none is empty.
   *
   * @param corpus all of it
   * @param seed decides which passages go where; the same seed gives the same parts everywhere
   * @param validation share of the text without repeated passages, positive
   * @param test share of the text without repeated passages, positive; less than 1 together
   * @return the parts
   * @throws ShortTextException if it has fewer than three different passages
   * @throws DataException if the shares are out of range
   */
  public static TextSplit of(TextCorpus corpus, long seed, double validation, double test) {
    if (!(validation > 0 && test > 0 && validation + test < 1)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "shares of %s for validation and %s for the test; both must be positive and less"
                  + " than 1 together",
              validation,
              test));
    }
    Map<String, Integer> different = new LinkedHashMap<>();
    corpus.passages().forEach(passage -> different.putIfAbsent(passage, different.size()));
    int size = different.size();
    if (size < MIN_PASSAGES) {
      throw new ShortTextException(
          String.format(
              Locale.ROOT,
              "%s has %d different passages (conversations, or stretches of whole lines); training,"
                  + " validation and test need %d",
              corpus.name(),
              size,
              MIN_PASSAGES));
    }
    // A key of its own: the order of the windows must not repeat the choice of the passages.
    BatchOrder order = new BatchOrder(Philox.deriveKey(seed, Stream.DATA_SPLIT, 0), 0, size);
    List<String> shuffled = new ArrayList<>();
    List<String> passages = List.copyOf(different.keySet());
    for (int place = 0; place < size; place++) {
      String passage = passages.get((int) order.example(place));
      different.put(passage, place);
      shuffled.add(passage);
    }
    long characters = shuffled.stream().mapToLong(String::length).sum();
    int forTest = count(shuffled.subList(0, size - 2), test * characters);
    int forValidation = count(shuffled.subList(forTest, size - 1), validation * characters);
    List<List<String>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (String passage : corpus.passages()) {
      int place = different.get(passage);
      int part = place < forTest ? 2 : place < forTest + forValidation ? 1 : 0;
      parts.get(part).add(passage);
    }
    return new TextSplit(
        new TextCorpus(corpus.name() + ", training", parts.get(0)),
        new TextCorpus(corpus.name() + ", validation", parts.get(1)),
        new TextCorpus(corpus.name() + ", test", parts.get(2)));
  }

  /** How many passages it takes to come to so many characters: at least one, at most all. */
  private static int count(List<String> passages, double characters) {
    int count = 1;
    for (long sum = passages.getFirst().length();
        sum < characters && count < passages.size();
        count++) {
      sum += passages.get(count).length();
    }
    return count;
  }
}

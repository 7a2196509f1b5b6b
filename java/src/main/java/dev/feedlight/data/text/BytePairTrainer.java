package dev.feedlight.data.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Finds merges: counts words, then merges the most frequent pair of neighbours in all words that
 * have it, until there are tokens enough. Only those words are looked at and only the pairs beside
 * the merged ones are counted again.
 */
final class BytePairTrainer {
  private final Map<String, long[]> counted = new HashMap<>();
  private final List<byte[]> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Long, Merge> merges = new LinkedHashMap<>();
  private final Map<Long, Neighbours> pairs = new HashMap<>();

  /** The most frequent first; of equals the lower pair. */
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair));

  /** A pair as frequent as it was when it was queued. */
  private record Candidate(long pair, long count) {}

  /** A word and how often it occurs. */
  private static final class Word {
    private int[] symbols;
    private final long count;

    Word(int[] symbols, long count) {
      this.symbols = symbols;
      this.count = count;
    }
  }

  /** How often a pair occurs, and the words that have it or had it. */
  private static final class Neighbours {
    private long count;
    private final Set<Word> words = new HashSet<>();
  }

  BytePairTrainer() {
    for (int place = 0; place < ByteAlphabet.SIZE; place++) {
      add(new byte[] {ByteAlphabet.inOrder(place)});
    }
  }

  /** Counts the words of a text. */
  void count(byte[] text) {
    Words words = new Words(text);
    int end;
    for (int start = 0; start < text.length; start = end) {
      end = words.end(start);
      String word = new String(text, start, end - start, StandardCharsets.ISO_8859_1);
      counted.computeIfAbsent(word, _ -> new long[1])[0]++;
    }
  }

  /**
   * Merges.
   *
   * @throws TokenizerException if the words have too few different pairs
   */
  BytePairTokenizer train(int vocabulary, String source) {
    counted.forEach((word, count) -> index(word, count[0]));
    counted.clear();
    pairs.forEach((pair, found) -> queue.add(new Candidate(pair, found.count)));
    while (tokens.size() < vocabulary) {
      Candidate best = queue.poll();
      if (best == null) {
        throw new TokenizerException(
            String.format(
                Locale.ROOT,
                "%s has pairs for %d tokens, not for %d: take more text or a vocabulary of at most"
                    + " %d",
                source,
                tokens.size(),
                vocabulary,
                tokens.size()));
      }
      Neighbours found = pairs.get(best.pair());
      if (found == null || found.count <= 0) {
        pairs.remove(best.pair());
      } else if (found.count != best.count()) {
        queue.add(new Candidate(best.pair(), found.count));
      } else {
        merge(best.pair(), List.copyOf(found.words));
      }
    }
    return new BytePairTokenizer(tokens, List.copyOf(merges.values()));
  }

  private void index(String text, long count) {
    int[] symbols = new int[text.length()];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = ids.get(text.substring(i, i + 1));
    }
    Word word = new Word(symbols, count);
    for (int i = 0; i + 1 < symbols.length; i++) {
      change(symbols[i], symbols[i + 1], word, count);
    }
  }

  private Neighbours change(int left, int right, Word word, long by) {
    Neighbours found = pairs.computeIfAbsent(Merge.pair(left, right), _ -> new Neighbours());
    found.count += by;
    if (by > 0) {
      found.words.add(word);
    }
    return found;
  }

  private void merge(long pair, List<Word> words) {
    int left = Merge.left(pair);
    int right = Merge.right(pair);
    byte[] start = tokens.get(left);
    byte[] end = tokens.get(right);
    byte[] joined = Arrays.copyOf(start, start.length + end.length);
    System.arraycopy(end, 0, joined, start.length, end.length);
    int result = add(joined);
    merges.putIfAbsent(pair, new Merge(left, right, result));
    Set<Long> more = new HashSet<>();
    for (Word word : words) {
      merge(word, left, right, result, more);
    }
    pairs.remove(pair);
    more.remove(pair);
    for (long risen : more) {
      long count = pairs.get(risen).count;
      if (count > 0) {
        queue.add(new Candidate(risen, count));
      }
    }
  }

  /** Merges a pair in one word, and notes the pairs that have become more. */
  private void merge(Word word, int left, int right, int result, Set<Long> more) {
    int[] symbols = word.symbols;
    int kept = 0;
    int i = 0;
    while (i < symbols.length) {
      if (i + 1 == symbols.length || symbols[i] != left || symbols[i + 1] != right) {
        symbols[kept++] = symbols[i++];
        continue;
      }
      if (kept > 0) {
        replace(symbols[kept - 1], left, symbols[kept - 1], result, word, more);
      }
      i += 2;
      if (i < symbols.length) {
        replace(right, symbols[i], result, symbols[i], word, more);
      }
      symbols[kept++] = result;
    }
    word.symbols = Arrays.copyOf(symbols, kept);
  }

  private void replace(int oldLeft, int oldRight, int left, int right, Word word, Set<Long> more) {
    change(oldLeft, oldRight, word, -word.count);
    change(left, right, word, word.count);
    more.add(Merge.pair(left, right));
  }

  /** The number of a token, which is new unless another pair has made it before. */
  private int add(byte[] token) {
    String name = new String(token, StandardCharsets.ISO_8859_1);
    Integer known = ids.putIfAbsent(name, tokens.size());
    if (known != null) {
      return known;
    }
    tokens.add(token);
    return tokens.size() - 1;
  }
}

package dev.feedlight.data.text;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Merges the bytes of words: always the pair of lowest rank, and of several of that rank the
 * leftmost. A heap of pairs makes this n log n for a word of n bytes, so that a file without a
 * blank takes no longer than another.
 */
final class WordEncoder {
  /** Most words that a session remembers (ours: those of any text in everyday use). */
  private static final int MAX_REMEMBERED = 1 << 16;

  /** Longest word that is remembered, in bytes (ours). */
  private static final int MAX_REMEMBERED_BYTES = 32;

  private final int[] byteTokens = new int[ByteAlphabet.SIZE];
  private final Map<Long, Ranked> byPair;

  /** A merge and its place in training. */
  private record Ranked(int rank, int result) {}

  WordEncoder(List<byte[]> tokens, List<Merge> merges) {
    for (int id = 0; id < tokens.size(); id++) {
      if (tokens.get(id).length == 1) {
        byteTokens[tokens.get(id)[0] & 0xFF] = id;
      }
    }
    byPair = HashMap.newHashMap(merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      Merge merge = merges.get(rank);
      byPair.put(merge.pair(), new Ranked(rank, merge.result()));
    }
  }

  /** Begins to encode texts, whose words are remembered meanwhile. */
  Session session(TokenBuffer out) {
    return new Session(out);
  }

  /** Encodes one text after the other into one buffer. For one thread. */
  final class Session {
    private final TokenBuffer out;
    private final Map<String, int[]> known = new HashMap<>();

    private Session(TokenBuffer out) {
      this.out = out;
    }

    void encode(byte[] text) {
      Words words = new Words(text);
      int end;
      for (int start = 0; start < text.length; start = end) {
        end = words.end(start);
        encodeWord(text, start, end);
      }
    }

    private void encodeWord(byte[] text, int start, int end) {
      if (end - start > MAX_REMEMBERED_BYTES) {
        out.addAll(merge(text, start, end));
        return;
      }
      // Bytes as Latin letters: one byte each in the heap, and compared as fast as strings are.
      String word = new String(text, start, end - start, StandardCharsets.ISO_8859_1);
      int[] ids = known.get(word);
      if (ids == null) {
        ids = merge(text, start, end);
        if (known.size() < MAX_REMEMBERED) {
          known.put(word, ids);
        }
      }
      out.addAll(ids);
    }
  }

  private int[] merge(byte[] text, int start, int end) {
    return new Chain(text, start, end).merged();
  }

  /** The symbols of one word as a linked list. */
  private final class Chain {
    private final int[] ids;
    private final int[] next;
    private final int[] previous;

    /** Ranks and places of pairs that were neighbours once, the lowest rank first. */
    private final PriorityQueue<Long> queue = new PriorityQueue<>();

    Chain(byte[] text, int start, int end) {
      int length = end - start;
      ids = new int[length];
      next = new int[length];
      previous = new int[length];
      for (int i = 0; i < length; i++) {
        ids[i] = byteTokens[text[start + i] & 0xFF];
        next[i] = i + 1;
        previous[i] = i - 1;
      }
      for (int i = 0; i + 1 < length; i++) {
        offer(i);
      }
    }

    private Ranked at(int place) {
      return next[place] < ids.length ? byPair.get(Merge.pair(ids[place], ids[next[place]])) : null;
    }

    private void offer(int place) {
      Ranked merge = at(place);
      if (merge != null) {
        queue.add((long) merge.rank() << Integer.SIZE | place);
      }
    }

    int[] merged() {
      int length = ids.length;
      while (!queue.isEmpty()) {
        long top = queue.remove();
        int place = (int) top;
        if (ids[place] < 0) {
          continue; // merged into its neighbour
        }
        Ranked merge = at(place);
        if (merge == null || merge.rank() != top >>> Integer.SIZE) {
          continue; // another pair by now
        }
        int gone = next[place];
        ids[place] = merge.result();
        ids[gone] = -1;
        next[place] = next[gone];
        if (next[place] < ids.length) {
          previous[next[place]] = place;
        }
        length--;
        offer(place);
        if (previous[place] >= 0) {
          offer(previous[place]);
        }
      }
      int[] result = new int[length];
      for (int i = 0, place = 0; i < length; i++, place = next[place]) {
        result[i] = ids[place];
      }
      return result;
    }
  }
}

package dev.feedlight.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Collects conversations and puts those into one passage that share an utterance, so that no
 * utterance worth remembering is both learned and measured: a line that stands in two conversations
 * of the corpus, or a text of {@link #TELLING} characters or more that is said twice.
 */
final class Conversations {
  /** Characters from which on two equal utterances are taken for the same one (ours). */
  static final int TELLING = 60;

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final List<String> texts = new ArrayList<>();

  /** For each conversation an earlier one of its group, or itself: a forest. */
  private final List<Integer> earlier = new ArrayList<>();

  private final Map<String, Integer> firstSaid = new HashMap<>();

  /**
   * Something said.
   *
   * @param line which line of the corpus it is; empty if the corpus does not number them
   * @param speaker empty if unknown
   * @param text what is said
   */
  record Turn(String line, String speaker, String text) {
    /** The turn on a line of its own; nothing if nothing is said. */
    String written() {
      String said = oneLine(text);
      if (said.isEmpty()) {
        return "";
      }
      String who = oneLine(speaker);
      return (who.isEmpty() ? "" : who + ": ") + said + "\n";
    }

    private static String oneLine(String text) {
      return BLANKS.matcher(text.strip()).replaceAll(" ");
    }
  }

  /** Adds a conversation: its turns, one a line, and an empty line. */
  void add(List<Turn> turns) {
    int number = texts.size();
    earlier.add(number);
    StringBuilder text = new StringBuilder();
    for (Turn turn : turns) {
      text.append(turn.written());
      if (!turn.line().isEmpty()) {
        share("line " + turn.line(), number);
      }
      if (turn.text().length() >= TELLING) {
        share("said " + turn.text(), number);
      }
    }
    texts.add(text.isEmpty() ? "" : text.append('\n').toString());
  }

  private void share(String what, int conversation) {
    Integer first = firstSaid.putIfAbsent(what, conversation);
    if (first != null) {
      int one = root(first);
      int two = root(conversation);
      earlier.set(Math.max(one, two), Math.min(one, two));
    }
  }

  private int root(int conversation) {
    int at = conversation;
    while (earlier.get(at) != at) {
      earlier.set(at, earlier.get(earlier.get(at))); // halves the way for whoever comes next
      at = earlier.get(at);
    }
    return at;
  }

  /** All of it, in the order of the first conversation of each group. */
  TextCorpus corpus(String name) {
    Map<Integer, StringBuilder> groups = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      groups.computeIfAbsent(root(i), _ -> new StringBuilder()).append(texts.get(i));
    }
    return new TextCorpus(name, groups.values().stream().map(StringBuilder::toString).toList());
  }
}

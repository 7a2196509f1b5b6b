package dev.feedlight.data.text;

import dev.feedlight.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Dialogue as pairs, a line each: what is said, a tab, the reply; UTF-8. Where the reply is what is
 * said on the next line, both lines are of one conversation, and the text is taken once.
 */
public final class DialoguePairs {
  private DialoguePairs() {}

  /**
   * Reads pairs.
   *
   * @param file packed if its name ends with {@code .gz}
   * @return the text, named after the file
   * @throws NotUtf8Exception if a byte is not UTF-8
   * @throws DataException if the file is missing, damaged, or has a line that is no pair
   * @throws IOException if it cannot be read
   */
  public static TextCorpus load(Path file) throws IOException {
    return read(TextFile.contents(file), String.valueOf(file.getFileName()));
  }

  /**
   * Reads pairs that are in memory.
   *
   * @param text UTF-8
   * @param source what messages call it, and the name of the corpus
   * @return the text
   * @throws NotUtf8Exception if a byte is not UTF-8
   * @throws DataException if a line is no pair
   */
  public static TextCorpus read(byte[] text, String source) {
    Conversations conversations = new Conversations();
    List<Conversations.Turn> turns = new ArrayList<>();
    int number = 0;
    for (String line : Utf8.decode(text, source).lines().toList()) {
      number++;
      int tab = line.indexOf('\t');
      if (tab < 0 || line.indexOf('\t', tab + 1) >= 0) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: line %d is no pair: it has %s tab",
                source,
                number,
                tab < 0 ? "no" : "more than one"));
      }
      String said = line.substring(0, tab);
      if (!turns.isEmpty() && !turns.getLast().text().equals(said)) {
        conversations.add(turns);
        turns.clear();
      }
      if (turns.isEmpty()) {
        turns.add(turn(said));
      }
      turns.add(turn(line.substring(tab + 1)));
    }
    if (!turns.isEmpty()) {
      conversations.add(turns);
    }
    return conversations.corpus(source);
  }

  private static Conversations.Turn turn(String text) {
    return new Conversations.Turn("", "", text);
  }
}

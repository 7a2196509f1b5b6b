package dev.feedlight.data.text;

import dev.feedlight.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dialogue from Shakespeare's plays, in the jar: the 1,115,394 characters that A. Karpathy chose
 * for char-rnn (2015), public domain. A speech becomes {@code NAME: what is said} on one line, as
 * with {@link CornellDialogues}. The text marks no scenes: a passage ends where none of the last
 * {@link #CAST} speakers is among the next ones, which is where the cast of a scene changes.
 */
public final class Shakespeare {
  /** Speeches before and behind a change of cast that are compared (ours). */
  private static final int CAST = 6;

  private static final String RESOURCE = "tinyshakespeare/input.txt.gz";

  /** A name alone on the first line of a paragraph, with a colon. */
  private static final Pattern SPEECH = Pattern.compile("([^\\n:]{1,40}):\\n(.*)", Pattern.DOTALL);

  private static final Pattern PARAGRAPH_END = Pattern.compile("\\n\\n+");

  private Shakespeare() {}

  /**
   * The dialogue in the jar.
   *
   * @return the text
   * @throws DataException if the jar is damaged
   */
  public static TextCorpus embedded() {
    try (InputStream in = Shakespeare.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new DataException(RESOURCE + " is missing from the jar");
      }
      byte[] text = TextFile.unpacked(in.readAllBytes(), RESOURCE);
      return corpus(Utf8.decode(text, RESOURCE));
    } catch (IOException e) {
      throw new DataException(RESOURCE + " cannot be read from the jar: " + e, e);
    }
  }

  private static TextCorpus corpus(String text) {
    List<Conversations.Turn> turns = turns(text);
    List<String> speakers = turns.stream().map(Conversations.Turn::speaker).toList();
    Conversations conversations = new Conversations();
    int start = 0;
    for (int i = CAST; i + CAST <= turns.size(); i++) {
      boolean changed =
          Collections.disjoint(speakers.subList(i - CAST, i), speakers.subList(i, i + CAST));
      if (changed && i - start >= CAST) {
        conversations.add(turns.subList(start, i));
        start = i;
      }
    }
    conversations.add(turns.subList(start, turns.size()));
    return conversations.corpus("Shakespeare");
  }

  private static List<Conversations.Turn> turns(String text) {
    List<Conversations.Turn> turns = new ArrayList<>();
    for (String paragraph : PARAGRAPH_END.splitAsStream(text).toList()) {
      Matcher speech = SPEECH.matcher(paragraph);
      if (speech.matches()) {
        turns.add(new Conversations.Turn("", speech.group(1), speech.group(2)));
      } else if (!turns.isEmpty()) {
        // The speaker goes on after an empty line.
        Conversations.Turn last = turns.removeLast();
        turns.add(new Conversations.Turn("", last.speaker(), last.text() + "\n" + paragraph));
      }
    }
    return turns;
  }
}

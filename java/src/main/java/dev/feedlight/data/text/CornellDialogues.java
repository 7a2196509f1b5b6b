package dev.feedlight.data.text;

import dev.feedlight.data.DataException;
import dev.feedlight.data.MissingFilesException;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.ZipArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The Cornell Movie-Dialogs Corpus (Danescu-Niculescu-Mizil and Lee, "Chameleons in imagined
 * conversations", 2011; arXiv:1106.3077): 304,713 lines of film characters in 83,097 conversations.
 * It is not part of Feedlight, because nobody states a licence for the film scripts.
 *
 * <p>A turn becomes {@code NAME: what is said}, as in the paper that Feedlight follows; a
 * conversation ends with an empty line. Conversations that share lines are one passage.
 */
public final class CornellDialogues {
  /** Where the corpus is. */
  public static final String SOURCE =
      "http://www.cs.cornell.edu/~cristian/data/cornell_movie_dialogs_corpus.zip";

  private static final String FOLDER = "cornell movie-dialogs corpus";
  private static final String ARCHIVE = "cornell_movie_dialogs_corpus.zip";
  private static final String LINES = "movie_lines.txt";
  private static final String CONVERSATIONS = "movie_conversations.txt";
  private static final String SEPARATOR = " +++$+++ ";

  /** Of a line: its number, the speaker's, the film's, the speaker's name, what is said. */
  private static final int LINE_FIELDS = 5;

  /** Of a conversation: the speakers' numbers, the film's, the list of lines. */
  private static final int CONVERSATION_FIELDS = 4;

  /** Copies that the Macintosh adds to archives. */
  private static final String JUNK = "__MACOSX/";

  private CornellDialogues() {}

  /**
   * Reads the corpus.
   *
   * @param place the official zip; a folder with that zip, with the folder in it, or with its
   *     files; or a file of pairs, {@code .tsv} or {@code .tsv.gz} ({@link DialoguePairs})
   * @return the text
   * @throws MissingFilesException if the place, or the corpus in it, is missing
   * @throws DataException if it is damaged, or a zip with paths that leave its folder
   * @throws IOException if it cannot be read
   */
  public static TextCorpus load(Path place) throws IOException {
    if (Files.isRegularFile(place)) {
      String name = place.toString();
      if (name.endsWith(".zip")) {
        return zip(place);
      }
      if (name.endsWith(".tsv") || name.endsWith(".tsv.gz")) {
        return DialoguePairs.load(place);
      }
      throw new DataException(
          place
              + " is no .zip, .tsv or .tsv.gz: give the official zip, its folder, or a file of"
              + " pairs");
    }
    for (Path folder : List.of(place, place.resolve(FOLDER))) {
      if (Files.isRegularFile(folder.resolve(LINES))) {
        return read(
            folder.toString(),
            TextFile.bytes(folder.resolve(LINES), TextFile.MAX_BYTES),
            TextFile.bytes(folder.resolve(CONVERSATIONS), TextFile.MAX_BYTES));
      }
    }
    if (Files.isRegularFile(place.resolve(ARCHIVE))) {
      return zip(place.resolve(ARCHIVE));
    }
    throw new MissingFilesException(
        String.format(
            Locale.ROOT,
            "%s has neither %s and %s nor %s, which is at %s",
            place,
            LINES,
            CONVERSATIONS,
            ARCHIVE,
            SOURCE));
  }

  private static TextCorpus zip(Path file) throws IOException {
    try (ZipArchive archive = ZipArchive.open(file)) {
      return read(archive, file.toString());
    } catch (FormatException e) {
      throw new DataException(e.getMessage(), e);
    }
  }

  /**
   * Reads the corpus from an open archive.
   *
   * @param archive stays open
   * @param source what messages call it
   * @return the text
   * @throws MissingFilesException if the archive has no corpus
   * @throws DataException if it has several, or a damaged one
   * @throws FormatException if the archive is damaged
   * @throws IOException if it cannot be read
   */
  public static TextCorpus read(ZipArchive archive, String source) throws IOException {
    String lines = entry(archive, LINES, source);
    String conversations = entry(archive, CONVERSATIONS, source);
    return read(
        source,
        archive.read(lines, TextFile.MAX_BYTES),
        archive.read(conversations, TextFile.MAX_BYTES));
  }

  private static String entry(ZipArchive archive, String file, String source) {
    List<String> found =
        archive.names().stream()
            .filter(name -> name.equals(file) || name.endsWith("/" + file))
            .filter(name -> !name.startsWith(JUNK))
            .toList();
    if (found.isEmpty()) {
      throw new MissingFilesException(
          String.format(
              Locale.ROOT,
              "%s has no %s among its %d entries: it is not the corpus, which is at %s",
              source,
              file,
              archive.names().size(),
              SOURCE));
    }
    if (found.size() > 1) {
      throw new DataException(source + " has several corpora: " + String.join(", ", found));
    }
    return found.getFirst();
  }

  private static TextCorpus read(String source, byte[] lines, byte[] conversations) {
    Map<String, Conversations.Turn> turns = turns(source, lines);
    Conversations collected = new Conversations();
    int number = 0;
    for (String line : rows(conversations)) {
      number++;
      List<String> fields = fields(line, CONVERSATION_FIELDS);
      if (fields.size() < CONVERSATION_FIELDS) {
        throw fault(source, CONVERSATIONS, number, fields.size(), CONVERSATION_FIELDS);
      }
      List<Conversations.Turn> said = new ArrayList<>();
      for (String id : ids(fields.getLast(), source, number)) {
        Conversations.Turn turn = turns.get(id);
        if (turn == null) {
          throw new DataException(
              String.format(
                  Locale.ROOT,
                  "%s: line %d of %s names %s, which is none of the %d lines of %s",
                  source,
                  number,
                  CONVERSATIONS,
                  id,
                  turns.size(),
                  LINES));
        }
        said.add(turn);
      }
      collected.add(said);
    }
    return collected.corpus("Cornell Movie-Dialogs");
  }

  private static Map<String, Conversations.Turn> turns(String source, byte[] lines) {
    Map<String, Conversations.Turn> turns = new HashMap<>();
    int number = 0;
    for (String line : rows(lines)) {
      number++;
      List<String> fields = fields(line, LINE_FIELDS);
      if (fields.size() < LINE_FIELDS) {
        throw fault(source, LINES, number, fields.size(), LINE_FIELDS);
      }
      String id = fields.getFirst();
      if (turns.put(id, new Conversations.Turn(id, fields.get(3), fields.get(4))) != null) {
        throw new DataException(
            String.format(Locale.ROOT, "%s: line %d of %s is %s again", source, number, LINES, id));
      }
    }
    return turns;
  }

  /** The lines of a file without their ends. */
  private static List<String> rows(byte[] file) {
    List<String> rows = new ArrayList<>();
    int end;
    for (int start = 0; start < file.length; start = end + 1) {
      end = start;
      while (end < file.length && file[end] != '\n') {
        end++;
      }
      int length = end - start - (end > start && file[end - 1] == '\r' ? 1 : 0);
      // Its authors name no encoding; in this one every byte is a character.
      rows.add(new String(file, start, length, StandardCharsets.ISO_8859_1));
    }
    return rows;
  }

  /** The fields of a line; what follows the last separator that counts is all one field. */
  private static List<String> fields(String line, int most) {
    List<String> fields = new ArrayList<>();
    int start = 0;
    while (fields.size() < most - 1) {
      int end = line.indexOf(SEPARATOR, start);
      if (end < 0) {
        break;
      }
      fields.add(line.substring(start, end));
      start = end + SEPARATOR.length();
    }
    fields.add(line.substring(start));
    return fields;
  }

  private static DataException fault(
      String source, String file, int number, int found, int expected) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "%s: line %d of %s has %d fields, not %d, between \"%s\"",
            source,
            number,
            file,
            found,
            expected,
            SEPARATOR));
  }

  /** Reads {@code ['L194', 'L195']}. */
  private static List<String> ids(String list, String source, int number) {
    String text = list.strip();
    List<String> ids = new ArrayList<>();
    if (text.length() > 2 && text.startsWith("[") && text.endsWith("]")) {
      for (String quoted : text.substring(1, text.length() - 1).split(",", -1)) {
        String id = quoted.strip();
        if (id.length() < 3 || id.charAt(0) != '\'' || id.indexOf('\'', 1) != id.length() - 1) {
          throw noList(list, source, number);
        }
        ids.add(id.substring(1, id.length() - 1));
      }
      return ids;
    }
    throw noList(list, source, number);
  }

  private static DataException noList(String list, String source, int number) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "%s: line %d of %s has no list of lines such as ['L1', 'L2'], but %s",
            source,
            number,
            CONVERSATIONS,
            list.length() <= 40 ? list : list.substring(0, 37) + "..."));
  }
}

package dev.feedlight.data.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small corpora in the layout of the Cornell Movie-Dialogs Corpus; their text is ours. */
public final class Corpora {
  static final String FOLDER = "cornell movie-dialogs corpus/";

  private static final String LINES =
      """
      L6 +++$+++ u3 +++$+++ m1 +++$+++ ORLA +++$+++ It is, with a long sentence that nobody says twice without having heard it.
      L5 +++$+++ u2 +++$+++ m1 +++$+++ PIM +++$+++ Is it   raining?
      L4 +++$+++ u0 +++$+++ m0 +++$+++ ADA +++$+++ Caf\u00E9 +++$+++ au lait.
      L3 +++$+++ u0 +++$+++ m0 +++$+++ ADA +++$+++\s
      L2 +++$+++ u1 +++$+++ m0 +++$+++ BEN +++$+++ What do you drink?
      L1 +++$+++ u0 +++$+++ m0 +++$+++ ADA +++$+++ Good morning.
      """;

  private static final String CONVERSATIONS =
      """
      u0 +++$+++ u1 +++$+++ m0 +++$+++ ['L1', 'L2', 'L3', 'L4']
      u2 +++$+++ u3 +++$+++ m1 +++$+++ ['L5', 'L6']
      """;

  private Corpora() {}

  static String lines() {
    return LINES;
  }

  static String conversations() {
    return CONVERSATIONS;
  }

  /** The official layout with what the Macintosh adds to it. */
  static Map<String, String> official(String lines, String conversations) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(FOLDER, "");
    files.put(FOLDER + "movie_lines.txt", lines);
    files.put("__MACOSX/" + FOLDER + "._movie_lines.txt", "junk");
    files.put("__MACOSX/" + FOLDER + "movie_lines.txt", "junk");
    files.put(FOLDER + "movie_conversations.txt", conversations);
    files.put(FOLDER + "README.txt", "Not the corpus.");
    return files;
  }

  /** A zip archive of the whole. */
  public static byte[] zip() {
    return zip(official(LINES, CONVERSATIONS));
  }

  /** A zip archive of any files, ISO-8859-1. */
  static byte[] zip(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
        out.putNextEntry(entry);
        out.write(file.getValue().getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}

package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.DataException;
import dev.feedlight.data.MissingFilesException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading the corpus in all its places, and refusing what is none. */
final class CornellDialoguesTest {
  private static final List<String> PASSAGES =
      List.of(
          "ADA: Good morning.\nBEN: What do you drink?\nADA: Caf\u00E9 +++$+++ au lait.\n\n",
          "PIM: Is it raining?\n"
              + "ORLA: It is, with a long sentence that nobody says twice without having heard"
              + " it.\n\n");

  @TempDir private Path base;

  private Path zip(Map<String, String> files) throws IOException {
    return Files.write(base.resolve("corpus.zip"), Corpora.zip(files));
  }

  private static void write(Path folder, String lines, String conversations) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("movie_lines.txt"), lines, StandardCharsets.ISO_8859_1);
    Files.writeString(
        folder.resolve("movie_conversations.txt"), conversations, StandardCharsets.ISO_8859_1);
  }

  private static void assertSound(Path place) throws IOException {
    TextCorpus corpus = CornellDialogues.load(place);
    assertThat(corpus.name()).isEqualTo("Cornell Movie-Dialogs");
    assertThat(corpus.passages()).isEqualTo(PASSAGES);
  }

  @Test
  void readsTheZipTheFolderInItAndItsFiles() throws Exception {
    assertSound(zip(Corpora.official(Corpora.lines(), Corpora.conversations())));
    write(base.resolve("files"), Corpora.lines(), Corpora.conversations());
    assertSound(base.resolve("files"));
    write(
        base.resolve("whole/cornell movie-dialogs corpus"),
        Corpora.lines(),
        Corpora.conversations());
    assertSound(base.resolve("whole"));
    Path fetched = Files.createDirectories(base.resolve("fetched"));
    Files.write(fetched.resolve("cornell_movie_dialogs_corpus.zip"), Corpora.zip());
    assertSound(fetched);
    write(
        base.resolve("windows"),
        Corpora.lines().replace("\n", "\r\n"),
        Corpora.conversations().replace("\n", "\r\n"));
    assertSound(base.resolve("windows"));
  }

  @Test
  void conversationsThatShareALineAreOnePassage() throws Exception {
    write(
        base,
        Corpora.lines(),
        Corpora.conversations() + "u1 +++$+++ u2 +++$+++ m0 +++$+++ ['L4', 'L5']\n");
    TextCorpus corpus = CornellDialogues.load(base);
    assertThat(corpus.passages())
        .containsExactly(
            PASSAGES.get(0)
                + PASSAGES.get(1)
                + "ADA: Caf\u00E9 +++$+++ au lait.\nPIM: Is it raining?\n\n");
  }

  @Test
  void placesWithoutTheCorpusAreSaidSo() throws Exception {
    assertThatThrownBy(() -> CornellDialogues.load(base))
        .isInstanceOf(MissingFilesException.class)
        .hasMessageContainingAll(
            base.toString(), "movie_lines.txt", "cornell_movie_dialogs_corpus.zip", "http://");
    Path other = zip(Map.of("README.txt", "x", "__MACOSX/movie_lines.txt", "x"));
    assertThatThrownBy(() -> CornellDialogues.load(other))
        .isInstanceOf(MissingFilesException.class)
        .hasMessageContainingAll(
            "corpus.zip has no movie_lines.txt among its 2 entries", "http://");
    Files.writeString(base.resolve("movie_lines.txt"), Corpora.lines());
    assertThatThrownBy(() -> CornellDialogues.load(base))
        .isInstanceOf(MissingFilesException.class)
        .hasMessageContaining("movie_conversations.txt");
    Path text = Files.writeString(base.resolve("a.txt"), "x");
    assertThatThrownBy(() -> CornellDialogues.load(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no .zip, .tsv or .tsv.gz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../movie_lines.txt", "/movie_lines.txt", "a/../../b", "a\\..\\b", "C:/b", "a/.."})
  void aZipWithPathsThatLeaveItsFolderIsRefused(String name) throws Exception {
    Map<String, String> files =
        new LinkedHashMap<>(Corpora.official(Corpora.lines(), Corpora.conversations()));
    files.put(name, "x");
    Path file = zip(files);
    assertThatThrownBy(() -> CornellDialogues.load(file))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(file.toString(), name, "leaves the archive's folder");
    try (var paths = Files.list(base)) {
      assertThat(paths).containsExactly(file); // and nothing is unpacked
    }
  }

  @Test
  void aDamagedZipAndTwoCorporaAreRefused() throws Exception {
    byte[] whole = Corpora.zip();
    Path cut = Files.write(base.resolve("cut.zip"), Arrays.copyOf(whole, 500));
    assertThatThrownBy(() -> CornellDialogues.load(cut)).isInstanceOf(DataException.class);
    Map<String, String> files =
        new LinkedHashMap<>(Corpora.official(Corpora.lines(), Corpora.conversations()));
    files.put("second/movie_lines.txt", "x");
    Path twice = zip(files);
    assertThatThrownBy(() -> CornellDialogues.load(twice))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("several corpora: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          L2 +++$+++ u1 +++$+++ | L2 +++$+++            | line 5 of movie_lines.txt has 4 fields, not 5
          L2 +++$+++            | L1 +++$+++            | line 6 of movie_lines.txt is L1 again
          L2 +++$+++            | L7 +++$+++            | line 1 of movie_conversations.txt names L2, which is none of the 6 lines
          m0 +++$+++ ['L1'      | m0 ['L1'              | line 1 of movie_conversations.txt has 3 fields, not 4
          ['L5', 'L6']          | L5, L6                | line 2 of movie_conversations.txt has no list of lines
          ['L5', 'L6']          | [L5, L6]              | line 2 of movie_conversations.txt has no list of lines
          ['L5', 'L6']          | []                    | no list of lines such as ['L1', 'L2'], but []
          """)
  void damagedLinesAreRefused(String sound, String damaged, String message) throws Exception {
    write(
        base,
        Corpora.lines().replace(sound, damaged),
        Corpora.conversations().replace(sound, damaged));
    assertThatThrownBy(() -> CornellDialogues.load(base))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(base.toString(), message);
  }

  @Test
  void aCorpusThatSaysNothingIsEmpty() throws Exception {
    write(base, "", "");
    assertThatThrownBy(() -> CornellDialogues.load(base))
        .isInstanceOf(ShortTextException.class)
        .hasMessage("Cornell Movie-Dialogs has no text");
  }
}

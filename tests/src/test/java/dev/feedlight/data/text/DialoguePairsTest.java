package dev.feedlight.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.DataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs become conversations. */
final class DialoguePairsTest {
  private static final String LONG = "A sentence that is long enough to be known again anywhere.!!";

  private static TextCorpus read(String text) {
    return DialoguePairs.read(text.getBytes(StandardCharsets.UTF_8), "p.tsv");
  }

  @Test
  void pairsThatFollowEachOtherAreOneConversation() {
    assertThat(read("a\tb\nb\tc\nx\ty\na\tb\n").passages())
        .containsExactly("a\nb\nc\n\n", "x\ny\n\n", "a\nb\n\n");
  }

  @Test
  void pairsThatShareALongUtteranceAreOnePassage() {
    assertThat(LONG).hasSize(Conversations.TELLING);
    assertThat(read("a\t" + LONG + "\nx\ty\n" + LONG + "\tb\n").passages())
        .containsExactly("a\n" + LONG + "\n\n" + LONG + "\nb\n\n", "x\ny\n\n");
    String shorter = LONG.substring(1);
    assertThat(read("a\t" + shorter + "\nx\ty\n" + shorter + "\tb\n").passages()).hasSize(3);
  }

  @Test
  void packedFilesAreReadToo(@TempDir Path base) throws Exception {
    Path file = base.resolve("p.tsv.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("Ä\tb\n".getBytes(StandardCharsets.UTF_8));
    }
    TextCorpus corpus = CornellDialogues.load(file);
    assertThat(corpus.name()).isEqualTo("p.tsv.gz");
    assertThat(corpus.passages()).containsExactly("Ä\nb\n\n");
    Path damaged = Files.write(base.resolve("q.tsv.gz"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> CornellDialogues.load(damaged))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("q.tsv.gz", "gzip");
  }

  @Test
  void otherLinesAreRefused() {
    assertThatThrownBy(() -> read("a\tb\nno tab\n"))
        .isInstanceOf(DataException.class)
        .hasMessage("p.tsv: line 2 is no pair: it has no tab");
    assertThatThrownBy(() -> read("a\tb\tc\n")).hasMessageContaining("line 1", "more than one tab");
    assertThatThrownBy(() -> read("")).isInstanceOf(ShortTextException.class);
    assertThatThrownBy(() -> read("\t\n")).isInstanceOf(ShortTextException.class);
    assertThatThrownBy(() -> DialoguePairs.read(new byte[] {'a', '\t', (byte) 0xE9, 'b'}, "p"))
        .isInstanceOf(NotUtf8Exception.class)
        .hasMessageContainingAll("p is not UTF-8", "byte 2", "E9")
        .extracting(e -> ((NotUtf8Exception) e).position())
        .isEqualTo(2L);
  }
}

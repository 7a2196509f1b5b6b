package dev.feedlight.bench.optics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a text file of ternary vectors, and what is refused, with its line. */
final class VectorFileTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("vectors.txt"), text);
  }

  @Test
  void separatorsCommentsAndEmptyLines() throws IOException {
    VectorFile read =
        VectorFile.read(file("# three\n1 0 -1\n\n+1,0.0, -1e0\r\n\t-1\t 0 ,\t1  \n"), 3);
    assertThat(read.inputs()).isEqualTo(3);
    assertThat(read.vectors()).hasSize(3);
    assertThat(read.vectors().get(0)).containsExactly(1, 0, -1);
    assertThat(read.vectors().get(1)).containsExactly(1, 0, -1);
    assertThat(read.vectors().get(2)).containsExactly(-1, 0, 1);
    assertThat(read.density()).isEqualTo(6.0 / 9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""               | holds no vector
          "# only words"   | holds no vector
          "1 0;1 0 1"      | line 2, has 3 numbers, but line 1 has 2
          "#;;1 0;1"       | line 4, has 1 numbers, but line 3 has 2
          "1 0 1 0 1"      | line 1, has 5 numbers, more than the 4 mirrors
          "1 0;1 x"        | line 2, has 'x' in place 2, which is no number
          "1 NaN"          | line 1, has NaN in place 2; mirrors show -1, 0 and 1
          "Infinity"       | has Infinity in place 1
          "0 0.5"          | has 0.5 in place 2; mirrors show -1, 0 and 1
          "2"              | has 2 in place 1
          "1,,0"           | line 1, lacks a number in place 2, beside a comma
          "1,0,"           | lacks a number in place 3
          ",1"             | lacks a number in place 1
          """)
  void badLinesAreNamed(String text, String message) throws IOException {
    Path file = file(text.replace(';', '\n'));
    assertThatThrownBy(() -> VectorFile.read(file, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void whatIsNoTextIsNoNumber() throws IOException {
    Path file = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
    assertThatThrownBy(() -> VectorFile.read(file, 4))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("no number");
  }

  @Test
  void aLongTokenIsCut() throws IOException {
    Path file = file("1".repeat(100_000));
    assertThatThrownBy(() -> VectorFile.read(file, 4))
        .hasMessageContaining("111...")
        .message()
        .hasSizeLessThan(300);
  }

  @Test
  void missingFilesAndFoldersAreNoFiles() {
    for (Path path : new Path[] {folder.resolve("gone"), folder}) {
      assertThatThrownBy(() -> VectorFile.read(path, 4))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(path.toString());
    }
  }
}

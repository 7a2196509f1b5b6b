package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's program is this very file, it has ten lines, and it learns. */
final class TenLineProgramTest {
  private static final Path ROOT = Path.of(System.getProperty("feedlight.root"));

  @Test
  void itLearns() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      TenLineProgram.main();
    } finally {
      System.setOut(console);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(number(text, "accuracy ")).isBetween(0.75, 1.0);
    assertThat(number(text, "measured seconds ")).isPositive();
    assertThat(number(text, "modelled optical seconds ")).isPositive();
  }

  private static double number(String text, String label) {
    return text.lines()
        .filter(line -> line.startsWith(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(label.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line '" + label + "' in: " + text));
  }

  @Test
  void itHasTenLines() throws IOException {
    assertThat(program()).hasSize(10);
  }

  @Test
  void theReadmeHasExactlyTheseLines() throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md")))
        .contains("```java\n" + String.join("\n", program()) + "\n```");
  }

  /** What stands between the markers, without the indentation that all lines share. */
  private static List<String> program() throws IOException {
    Path source = ROOT.resolve("tests/src/test/java/dev/feedlight/engine/TenLineProgram.java");
    List<String> lines = Files.readAllLines(source);
    int first = lines.indexOf("    // tag::readme") + 1;
    int end = lines.indexOf("    // end::readme");
    assertThat(first).isPositive();
    assertThat(end).isGreaterThan(first);
    return lines.subList(first, end).stream().map(line -> line.substring(4)).toList();
  }
}

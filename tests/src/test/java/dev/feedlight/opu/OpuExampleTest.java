package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The program in the documentation of {@link Opu} is {@link OpuExample}, and it runs. */
final class OpuExampleTest {
  private static final Path ROOT = Path.of(System.getProperty("feedlight.root"));

  @Test
  void itRuns() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      OpuExample.main();
    } finally {
      System.setOut(console);
    }
    // Two rows, two thousand pixels; six planes of two signs each.
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("4000 projected numbers, 48000 pixels", "2,000 of a region of 2,000");
  }

  @Test
  void theDocumentationHasExactlyTheseLines() throws IOException {
    List<String> lines =
        Files.readAllLines(ROOT.resolve("tests/src/test/java/dev/feedlight/opu/OpuExample.java"));
    int first = lines.indexOf("    // tag::javadoc") + 1;
    int end = lines.indexOf("    // end::javadoc");
    assertThat(first).isPositive();
    assertThat(end).isGreaterThan(first);
    List<String> program =
        lines.subList(first, end).stream().map(l -> " * " + l.substring(4)).toList();
    assertThat(Files.readString(ROOT.resolve("java/src/main/java/dev/feedlight/opu/Opu.java")))
        .contains(" * <pre>{@code\n" + String.join("\n", program) + "\n * }</pre>");
  }
}

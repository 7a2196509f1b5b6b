package dev.feedlight.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every source file of the tree, whatever its language. */
final class SourceFilesTest {
  private static final int MAX_LINES = 600; // ours
  private static final List<String> ENDINGS = List.of(".java", ".cu", ".cuh", ".py");
  private static final List<String> LEFTOVERS = List.of("TO" + "DO", "FIX" + "ME", "XX" + "X");

  private final Path root = Path.of(System.getProperty("feedlight.root")).normalize();

  @Test
  void noneIsLongerThanAReaderCanHold() throws IOException {
    assertThat(sourcesWhere(lines -> lines.size() > MAX_LINES)).isEmpty();
  }

  @Test
  void noneHasLeftovers() throws IOException {
    assertThat(sourcesWhere(lines -> lines.stream().anyMatch(SourceFilesTest::hasLeftover)))
        .isEmpty();
  }

  @Test
  void theSearchFindsThisFile() throws IOException {
    assertThat(sourcesWhere(lines -> lines.contains("final class SourceFilesTest {"))).hasSize(1);
  }

  private static boolean hasLeftover(String line) {
    return LEFTOVERS.stream().anyMatch(line::contains);
  }

  private List<Path> sourcesWhere(Predicate<List<String>> condition) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path folder :
        Stream.of("java/src", "bench/src", "bench/peers/src", "tests/src", "kernels")
            .map(root::resolve)
            .filter(Files::isDirectory)
            .toList()) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(SourceFilesTest::isSource).toList()) {
          if (condition.test(Files.readAllLines(file))) {
            found.add(root.relativize(file));
          }
        }
      }
    }
    return found;
  }

  private static boolean isSource(Path file) {
    return ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith);
  }
}

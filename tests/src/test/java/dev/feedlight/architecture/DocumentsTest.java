package dev.feedlight.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every link and picture of the documents leads to a file, and no word in them is a stand-in. */
final class DocumentsTest {
  /** {@code [text](target)}, {@code ![text](target)}; a target has no blank, a title may follow. */
  private static final Pattern LINK = Pattern.compile("\\]\\(\\s*<?([^)\\s>]+)");

  private static final Pattern WEB = Pattern.compile("(https?|mailto):.*");

  private static final Pattern STAND_IN =
      Pattern.compile("TEN" + "LINES|TRAIN" + "TABLE|TO" + "DO|FIX" + "ME|XX" + "X|TB" + "D");

  private final Path root = Path.of(System.getProperty("feedlight.root")).normalize();

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      for (String target : brokenLinks(document)) {
        broken.add(root.relativize(document) + " -> " + target);
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void noWordIsAStandIn() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path document : documents()) {
      Matcher matcher = STAND_IN.matcher(Files.readString(document));
      while (matcher.find()) {
        found.add(root.relativize(document) + ": " + matcher.group());
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void theDocumentsAreFound() throws IOException {
    assertThat(documents())
        .contains(
            root.resolve("README.md"),
            root.resolve("kernels/README.md"),
            root.resolve("docs/architecture.md"));
  }

  @Test
  void aBrokenLinkIsSeen(@TempDir Path folder) throws IOException {
    Path document = folder.resolve("a.md");
    Files.writeString(
        document,
        "[1](a.md) [2](gone.md) ![3](gone.png \"title\") [4](a.md#part) [5](#part)"
            + " [6](https://example.org/gone) [7](sub/../a.md) [8](<gone/b.md>)");
    assertThat(brokenLinks(document)).containsExactly("gone.md", "gone.png", "gone/b.md");
  }

  private static List<String> brokenLinks(Path document) throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher matcher = LINK.matcher(Files.readString(document));
    while (matcher.find()) {
      String target = matcher.group(1);
      String file = target.replaceFirst("#.*", "");
      if (!file.isEmpty()
          && !WEB.matcher(target).matches()
          && !Files.exists(document.resolveSibling(file).normalize())) {
        broken.add(target);
      }
    }
    return broken;
  }

  private List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String name :
        List.of(
            "README.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "kernels/README.md",
            "kernels/lab/README.md")) {
      documents.add(root.resolve(name));
    }
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }
}

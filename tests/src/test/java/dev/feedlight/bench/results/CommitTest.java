package dev.feedlight.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommitTest {
  @TempDir private Path directory;

  @Test
  void isUnknownOutsideACheckout() throws IOException {
    // The file system's root is no checkout, wherever temporary files may lie.
    assertThat(Commit.of(directory.getRoot())).isEqualTo(Commit.UNKNOWN);
  }

  @Test
  void followsTheCheckout() throws Exception {
    assumeTrue(hasGit(), "git is not installed");
    git("init", "--quiet");
    assertThat(Commit.of(directory)).isEqualTo(Commit.UNKNOWN);

    Path file = Files.writeString(directory.resolve("tracked"), "one");
    git("add", "tracked");
    git("commit", "--quiet", "--message", "one");
    String head = git("rev-parse", "HEAD").strip();
    assertThat(head).matches("[0-9a-f]{40,64}");
    assertThat(Commit.of(directory)).isEqualTo(head);

    Files.writeString(directory.resolve("untracked"), "a result");
    assertThat(Commit.of(directory)).isEqualTo(head);

    Files.writeString(file, "two");
    assertThat(Commit.of(directory)).isEqualTo(head + "-dirty");
  }

  @Test
  void theCurrentOneIsAHashOrUnknown() {
    assertThat(Commit.current()).matches("unknown|[0-9a-f]{40,64}(-dirty)?");
  }

  private static boolean hasGit() throws InterruptedException {
    try {
      return new ProcessBuilder("git", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "-c",
                "user.name=test",
                "-c",
                "user.email=test@example.org",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "core.hooksPath=" + directory.resolve("no-hooks")));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}

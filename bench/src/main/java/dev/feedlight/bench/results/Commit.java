package dev.feedlight.bench.results;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The commit a result belongs to: 40 hexadecimal digits of the checkout the code runs from, with
 * {@code -dirty} behind them if a tracked file differs, or {@code unknown}. Untracked files do not
 * count, because results are written into the checkout.
 */
public final class Commit {
  /** What is said outside a checkout, without git, or before the first commit. */
  public static final String UNKNOWN = "unknown";

  /** The entry of a bundle's jar that holds the commit. */
  public static final String ENTRY = "dev/feedlight/bench/results/commit.txt";

  /** Tells this project's checkout from another one that a jar was copied into. */
  private static final Path MARK =
      Path.of("bench", "src", "main", "java", "dev", "feedlight", "bench", "results");

  /** Ours: git answers in milliseconds; a hung file system must not hang a benchmark. */
  private static final int TIMEOUT_SECONDS = 20;

  private Commit() {}

  /** The commit of the checkout that this class was built in; in a bundle, what was packed. */
  public static String current() {
    return packed().or(Commit::ofCheckout).orElse(UNKNOWN);
  }

  private static Optional<String> packed() {
    try (InputStream in = Commit.class.getResourceAsStream("/" + ENTRY)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> ofCheckout() {
    return codeLocation()
        .flatMap(place -> git(place, "rev-parse", "--show-toplevel"))
        .map(top -> Path.of(top.strip()))
        .filter(top -> Files.isDirectory(top.resolve(MARK)))
        .map(Commit::of);
  }

  /**
   * The commit of the checkout that {@code directory} lies in.
   *
   * @param directory any directory
   */
  public static String of(Path directory) {
    Optional<String> head =
        git(directory, "rev-parse", "--verify", "--quiet", "HEAD")
            .map(String::strip)
            .filter(hash -> hash.matches("[0-9a-f]{40,64}"));
    if (head.isEmpty()) {
      return UNKNOWN;
    }
    Optional<String> changes = git(directory, "status", "--porcelain", "--untracked-files=no");
    boolean clean = changes.isPresent() && changes.get().isBlank();
    return clean ? head.get() : head.get() + "-dirty";
  }

  private static Optional<Path> codeLocation() {
    CodeSource source = Commit.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      Path place = Path.of(source.getLocation().toURI());
      return Optional.ofNullable(Files.isDirectory(place) ? place : place.getParent());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> git(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    // Inside a hook these point elsewhere than the directory asked about.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output;
      try (InputStream stream = process.getInputStream()) {
        Thread watchdog = Thread.ofVirtual().start(() -> killAfterTimeout(process));
        output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        watchdog.interrupt();
      }
      return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static void killAfterTimeout(Process process) {
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

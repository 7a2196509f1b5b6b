package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.data.ScriptedServer;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C ends a command with 130 and leaves nothing running. */
@Timeout(120)
final class InterruptTest {
  /** A shell that ignores SIGINT hands that on to its children: this undoes it. */
  private static final Path ENV = Path.of("/usr/bin/env");

  private static Process start(String... args) throws Exception {
    assumeTrue(Files.isExecutable(ENV) && understandsDefaultSignal(), "no env --default-signal");
    List<String> command =
        new ArrayList<>(
            List.of(
                ENV.toString(),
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Djmh.ignoreLock=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static boolean understandsDefaultSignal() throws Exception {
    return new ProcessBuilder(ENV.toString(), "--default-signal=INT", "true").start().waitFor()
        == 0;
  }

  private static List<ProcessHandle> interruptAfter(String mark, Process process) throws Exception {
    BufferedReader reader = process.inputReader();
    String line;
    do {
      line = reader.readLine();
      assertThat(line).as("output ended before " + mark).isNotNull();
    } while (!line.contains(mark));
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor())
        .isZero();
    reader.lines().forEach(_ -> {});
    return children;
  }

  @Test
  void training() throws Exception {
    Process process = start("train", "mlp", "--rule", "bp", "--hidden", "16", "--epochs", "100000");
    interruptAfter("epoch 1/", process);
    assertThat(process.waitFor()).isEqualTo(130);
  }

  @Test
  void benchmarksKeepWhatTheyHave(@TempDir Path folder) throws Exception {
    Process process = start("bench", "fig4a", "--preset", "smoke", "--out", folder.toString());
    List<ProcessHandle> children = interruptAfter("[ 2/", process);
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(new ResultFile(folder.resolve("results.jsonl")).read()).isNotEmpty();
    for (ProcessHandle child : children) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aFetchKeepsItsPart(@TempDir Path folder) throws Exception {
    List<String> headers = List.of("Content-Length: 26421880", "ETag: \"v1\"");
    try (ScriptedServer server =
        ScriptedServer.of(
            ScriptedServer.stalling(ScriptedServer.raw("200 OK", headers, new byte[9])))) {
      String mirror = server.url().toString();
      Process process =
          start(
              "data",
              "fetch",
              "fashion-mnist",
              "--mirror",
              mirror,
              "--data-dir",
              folder.toString());
      interruptAfter("fetching", process);
      assertThat(process.waitFor()).isEqualTo(130);
      String name = "train-images-idx3-ubyte.gz";
      assertThat(folder.toFile().list())
          .containsExactlyInAnyOrder(name + ".part", name + ".part.etag");
    }
  }
}

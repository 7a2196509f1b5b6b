package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feedlight.bench.Main;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.data.ScriptedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C ends a command with 130 and leaves nothing running. */
@Timeout(120)
final class InterruptTest {
  /** A shell that ignores SIGINT hands that on to its children: this undoes it. */
  private static final Path ENV = Path.of("/usr/bin/env");

  private static final List<String> RUN =
      List.of("train mlp --rule odfa --hidden 16 --epochs 24 --batch 250 --json".split(" "));

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
    readTo(mark, reader);
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

  /** Accuracy, losses, steps, frames; not the time it took. */
  private static ObjectNode result(CliRun run) throws Exception {
    assertThat(run.code()).as(run.err()).isZero();
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(run.out());
    json.remove("train_seconds");
    return json;
  }

  private static String[] with(Path checkpoints, String... more) {
    List<String> words = new ArrayList<>(RUN);
    words.addAll(List.of("--checkpoint", checkpoints.toString(), "--every", "20"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  /** Weights and state after the last of 24 x 30 steps. */
  private static List<byte[]> finalTensors(Path checkpoints) throws IOException {
    Path last = checkpoints.resolve("step-000000000720");
    return List.of(
        Files.readAllBytes(last.resolve("weights.safetensors")),
        Files.readAllBytes(last.resolve("optimizer.safetensors")));
  }

  @Test
  void interruptedAndKilledTrainingGoesOnToTheSameResult(@TempDir Path folder) throws Exception {
    Path whole = folder.resolve("whole");
    ObjectNode expected = result(CliRun.of(with(whole)));

    Path interrupted = folder.resolve("interrupted");
    String events = folder.resolve("log").toString();
    Process process = start(with(interrupted, "--out", events));
    assertThat(interruptAfter("epoch 1/", process)).isEmpty();
    assertThat(process.waitFor()).isEqualTo(130);

    // And once more, by a signal that leaves no time for anything.
    process = start(with(interrupted, "--out", events, "--resume"));
    String text = readTo("epoch 5/", process.inputReader());
    assertThat(text).containsPattern("resumed {3}.*step-\\d{12} \\(step \\d+ of 720\\)");
    assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);

    CliRun resumed = CliRun.of(with(interrupted, "--out", events, "--resume"));
    assertThat(result(resumed)).isEqualTo(expected);
    assertThat(resumed.err()).containsPattern("resumed {3}.*\\(step \\d+ of 720\\)");
    assertThat(finalTensors(interrupted)).containsExactlyElementsOf(finalTensors(whole));

    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("log").resolve("events.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines.stream().filter(line -> line.path("event").asText().equals("step")))
        .extracting(line -> line.path("step").asLong())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 720).boxed().toList());
    assertThat(lines.stream().map(line -> line.path("event").asText()))
        .containsOnlyOnce("start", "stop", "end")
        .containsSubsequence("start", "stop", "resume", "resume", "end");
  }

  private static String readTo(String mark, BufferedReader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    String line;
    do {
      line = reader.readLine();
      assertThat(line).as("output ended before " + mark + ": " + text).isNotNull();
      text.append(line).append('\n');
    } while (!line.contains(mark));
    return text.toString();
  }

  @Test
  void anInterruptedRunSaysWhatItDoes(@TempDir Path folder) throws Exception {
    Process process = start(with(folder));
    readTo("epoch 1/", process.inputReader());
    assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor())
        .isZero();
    List<String> rest = process.inputReader().lines().toList();
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(rest)
        .anyMatch(line -> line.contains("the run ends after this step, with a checkpoint"))
        .anyMatch(line -> line.startsWith("checkpoint " + folder))
        .anyMatch(line -> line.equals("feedlight: interrupted; go on with --resume"))
        .anyMatch(line -> line.contains("\"ended\":\"interrupted\""));
  }

  /** A step of seconds, in which the second signal arrives. */
  @Test
  @Tag("exhaustive")
  void aSecondInterruptEndsAtOnce(@TempDir Path folder) throws Exception {
    List<String> words =
        List.of("train mlp --rule bp --hidden 4096,4096 --batch 7500 --epochs 9".split(" "));
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--checkpoint", folder.toString()));
    Process process = start(all.toArray(String[]::new));
    readTo("memory ", process.inputReader());
    Thread.sleep(1000);
    String pid = String.valueOf(process.pid());
    assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
    readTo("Ctrl-C again ends at once", process.inputReader());
    assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
    List<String> rest = process.inputReader().lines().toList();
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(rest).noneMatch(line -> line.contains("--resume"));
  }

  @Test
  void benchmarksKeepWhatTheyHave(@TempDir Path folder) throws Exception {
    Process process = start("bench", "fig4a", "--preset", "smoke", "--out", folder.toString());
    List<ProcessHandle> children = interruptAfter("[ 2/", process);
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(new ResultFile(folder.resolve("results.jsonl")).read()).isNotEmpty();
    assertThat(Files.readString(folder.resolve("run.json")))
        .contains("\"command\" : \"bench\"")
        .doesNotContain("\"result\"");
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

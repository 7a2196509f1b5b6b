package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train mlp --checkpoint}, without signals; {@link InterruptTest} has those. */
final class TrainCheckpointTest {
  private static final String SMALL =
      "train mlp --data synthetic --examples 96 --inputs 12 --classes 3 --hidden 16,8 --batch 32";

  /** Six steps, if nothing else is said. */
  private static CliRun run(String options, Path folder) {
    StringBuilder line = new StringBuilder(SMALL);
    if (!options.contains("--epochs")) {
      line.append(" --epochs 2");
    }
    if (!options.contains("--rule")) {
      line.append(" --rule dfa");
    }
    if (!options.contains("--threads")) {
      line.append(" --threads 1");
    }
    line.append(" --checkpoint ").append(folder);
    return CliRun.ofLine((line + " " + options).strip());
  }

  private static ObjectNode json(CliRun run) throws IOException {
    assertThat(run.code()).as(run.err()).isZero();
    return (ObjectNode) new ObjectMapper().readTree(run.out());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void anEpochsStepsAndTwoAreTheDefault(@TempDir Path folder) throws Exception {
    CliRun run = run("--epochs 4", folder);
    assertThat(run.code()).isZero();
    assertThat(names(folder)).containsExactly("step-000000000009", "step-000000000012");
    assertThat(run.outLines().getLast())
        .isEqualTo("checkpoint " + folder.resolve("step-000000000012"));
  }

  @Test
  void everyAndKeepAreObeyed(@TempDir Path folder) throws Exception {
    assertThat(run("--every 2 --keep 9", folder).code()).isZero();
    assertThat(names(folder))
        .containsExactly("step-000000000002", "step-000000000004", "step-000000000006");
  }

  @Test
  void aFolderOfCheckpointsIsNotWrittenIntoUnasked(@TempDir Path folder) {
    assertThat(run("", folder).code()).isZero();
    CliRun again = run("", folder);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.errLines()).hasSize(1);
    assertThat(again.err()).contains("holds checkpoints", "--resume", "another folder");
  }

  @Test
  void resumingNothingStartsFromTheBeginning(@TempDir Path folder) throws Exception {
    CliRun run = run("--resume", folder.resolve("new"));
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("no checkpoint in " + folder.resolve("new") + ": starts from the beginning");
    assertThat(names(folder.resolve("new"))).contains("step-000000000006");
  }

  @Test
  void aFinishedRunIsEvaluatedAgain(@TempDir Path folder) throws Exception {
    JsonNode first = json(run("--json", folder));
    CliRun again = run("--json --resume", folder);
    assertThat(json(again)).isEqualTo(first);
    assertThat(again.err()).contains("(step 6 of 6)", "nothing is trained");
    assertThat(names(folder)).hasSize(2);
  }

  @Test
  void aRunThatStoppedEarlyIsFinished(@TempDir Path folder) throws Exception {
    String options = "--epochs 50 --learning-rate 1 --hold-back 32 --early-stop 2 --json ";
    CliRun run = run(options, folder);
    JsonNode first = json(run);
    assertThat(first.get("ended").asText()).isEqualTo("stopped_early");
    assertThat(first.get("early_stop").asInt()).isEqualTo(2);
    int epochs = first.get("epochs_done").asInt();
    assertThat(epochs).isBetween(3, 49);
    assertThat(first.get("steps").asInt()).isEqualTo(2 * epochs);
    assertThat(run.err())
        .contains("stopped early after epoch " + epochs + " of 50")
        .contains("epoch " + epochs + "/50")
        .contains("  held out ");
    CliRun again = run(options + "--resume", folder);
    assertThat(json(again)).isEqualTo(first);
    assertThat(again.err()).contains("nothing is trained");
  }

  @Test
  void curvesOfARunInPartsAreWhole(@TempDir Path folder) throws Exception {
    Path curves = folder.resolve("curves");
    String options = "--every 2 --alignment 1 --alignment-out " + curves;
    assertThat(run(options, folder.resolve("run")).code()).isZero();
    List<String> whole = Files.readAllLines(curves.resolve("curves.jsonl"));
    // As if it had been killed after step 4.
    Path last = folder.resolve("run").resolve("step-000000000006");
    Files.move(last, folder.resolve("away"));
    CliRun resumed = run(options + " --resume", folder.resolve("run"));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(Files.readAllLines(curves.resolve("curves.jsonl"))).isEqualTo(whole);
    assertThat(run(options + " --resume", folder.resolve("run")).code()).isZero();
    assertThat(Files.readAllLines(curves.resolve("curves.jsonl"))).isEqualTo(whole);
  }

  @Test
  void otherSettingsAndOtherEpochsAreRefused(@TempDir Path folder) {
    assertThat(run("", folder).code()).isZero();
    CliRun seed = run("--resume --seed 2", folder);
    assertThat(seed.code()).isEqualTo(2);
    assertThat(seed.err()).contains("seed is 2 in this engine, 1 in the checkpoint");
    CliRun epochs = run("--resume --epochs 3", folder);
    assertThat(epochs.code()).isEqualTo(2);
    assertThat(epochs.err()).contains("has 2 epochs, not 3: give --epochs 2");
  }

  @Test
  void aDamagedCheckpointIsPassedOverInOneLine(@TempDir Path folder) throws Exception {
    JsonNode whole = json(run("--json --every 2", folder));
    Path weights = folder.resolve("step-000000000006").resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    CliRun resumed = run("--json --every 2 --resume", folder);
    assertThat(resumed.errLines()).filteredOn(line -> line.contains("passed over")).hasSize(1);
    assertThat(resumed.err()).contains("weights.safetensors", "(step 4 of 6)");
    ObjectNode json = json(resumed);
    json.set("train_seconds", whole.get("train_seconds"));
    assertThat(json).isEqualTo(whole);
  }

  @Test
  void onlyDamagedCheckpointsAreNoBeginning(@TempDir Path folder) throws Exception {
    Files.createDirectories(folder.resolve("step-000000000006"));
    CliRun run = run("--resume", folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("no valid checkpoint");
  }

  @Test
  void anotherThreadCountIsAWarning(@TempDir Path folder) {
    assertThat(run("", folder).code()).isZero();
    CliRun run = run("--resume --threads 2", folder);
    assertThat(run.code()).isZero();
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("warning", "device.threads is 2 now, 1 when it was written");
  }

  /** As on a disk that is full: the run goes on, and fails when its result is there. */
  @Test
  void aCheckpointThatCannotBeWrittenFailsTheCommandAfterItsResult(@TempDir Path parent)
      throws Exception {
    Path folder = parent.resolve("run");
    Path first = folder.resolve("step-000000000003");
    Thread mover =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!Files.exists(first)) {
                    Thread.onSpinWait();
                  }
                  assertThat(folder.toFile().renameTo(parent.resolve("moved").toFile())).isTrue();
                });
    CliRun run = run("--json --epochs 400 --keep 1000", folder);
    mover.join();
    assertThat(run.code()).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(run.out()).get("steps").asInt()).isEqualTo(1200);
    assertThat(run.errLines().getLast())
        .startsWith("feedlight: the last checkpoint could not be written: ");
    assertThat(run.err()).contains("warning: no checkpoint after step 1197: ");
  }

  @Test
  void whatIsNotFiniteNamesTheLastGoodCheckpoint(@TempDir Path folder) {
    String options = "--rule bp --activation relu --optimizer sgd --learning-rate 1e38 --every 1";
    CliRun run = run(options, folder);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errLines().getLast())
        .contains("not finite")
        .containsPattern("(the last good checkpoint is .*step-\\d{12}$|no checkpoint was written)");
  }
}

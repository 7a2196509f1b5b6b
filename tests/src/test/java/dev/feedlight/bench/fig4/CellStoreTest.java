package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.bench.results.ResultFileException;
import dev.feedlight.bench.results.RunFolderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was measured stays exactly, through kills and against damage. */
final class CellStoreTest {
  private static final Cell FIRST = new Cell.DigitalStep("bp", 16, 1);
  private static final Cell SECOND = new Cell.DigitalProjection(24);
  private static final Conditions HERE =
      Conditions.of(Preset.SMOKE, SomeDevice.cpu(), 1, SomeDevice.machine("a processor"));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void twoCells() throws IOException {
    file = folder.resolve(CellStore.NAME);
    CellStore store = open();
    assertThat(file).doesNotExist();
    store.add(FIRST, List.of(0.1, 1 / 3.0, 4.9E-324), 2.5, "abc");
    store.add(SECOND, List.of(7.0), 1, "def");
  }

  private CellStore open() throws IOException {
    return CellStore.open(folder, Preset.SMOKE, HERE);
  }

  @Test
  void everyBitComesBack() throws IOException {
    CellStore read = open();
    assertThat(read.cells()).containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(read.times().of(FIRST))
        .hasValue(Measurement.of(List.of(0.1, 1 / 3.0, 4.9E-324), "abc"));
    assertThat(read.commits()).containsEntry("abc", 1L).containsEntry("def", 1L).hasSize(2);
    assertThat(Files.readAllLines(file).get(1))
        .isEqualTo(
            "{\"cell\":\"bp step, width 16, depth 1\",\"ms\":[0.1,0.3333333333333333,4.9E-324],"
                + "\"seconds\":2.5,\"commit\":\"abc\"}");
  }

  @Test
  void aFileCutAnywhereKeepsItsFinishedLines() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      Files.write(file, cut);
      long finished =
          new String(cut, StandardCharsets.UTF_8).chars().filter(c -> c == '\n').count();
      CellStore store = open();
      assertThat(store.cells())
          .as("cut to %d bytes", length)
          .hasSize((int) Math.max(0, finished - 1));
      if (finished > 0 && !store.cells().contains(SECOND)) {
        store.add(SECOND, List.of(7.0), 1, "def");
        assertThat(open().cells()).isEqualTo(store.cells());
      }
    }
  }

  @Test
  void cellsMeasuredAgainReplaceTheOld() throws IOException {
    CellStore store = open();
    store.forget(List.of(FIRST));
    assertThat(open().cells()).as("until then the old one stays").contains(FIRST);
    store.add(FIRST, List.of(9.0), 1, "def");
    assertThat(open().times().of(FIRST).orElseThrow().median()).isEqualTo(9);
    assertThat(open().cells()).hasSize(2);
  }

  @Test
  void otherConditionsAreNamed() {
    Conditions there =
        Conditions.of(
            Preset.SMOKE, SomeDevice.cpu(4, "avx2"), 1, SomeDevice.machine("another processor"));
    assertThatThrownBy(() -> CellStore.open(folder, Preset.SMOKE, there))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining(
            "instructionSet sse, here avx2; threads 2, here 4; cpu a processor, here another")
        .hasMessageContaining("another --out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        "not json",
        "{\"cell\":\"bp step, width 16, depth 1\",\"ms\":[1.0],\"seconds\":1.0,\"commit\":\"a\"}",
        "{\"cell\":\"bp step, width 17, depth 1\",\"ms\":[1.0],\"seconds\":1.0,\"commit\":\"a\"}",
        "{\"cell\":\"bp step, width 32, depth 1\",\"ms\":[],\"seconds\":1.0,\"commit\":\"a\"}",
        "{\"cell\":\"bp step, width 32, depth 1\",\"ms\":[0.0],\"seconds\":1.0,\"commit\":\"a\"}",
        "{\"cell\":\"bp step, width 32, depth 1\",\"ms\":[\"1\"],\"seconds\":1.0,\"commit\":\"a\"}",
        "{\"cell\":\"bp step, width 32, depth 1\",\"ms\":[1.0],\"commit\":\"a\"}",
        "{\"cell\":\"bp step, width 32, depth 1\",\"ms\":[1.0],\"seconds\":1.0,\"x\":1}",
      })
  void aFinishedLineThatMeansNothingIsRefused(String line) throws IOException {
    Files.writeString(file, Files.readString(file) + line + "\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(ResultFileException.class)
        .hasMessageContaining(CellStore.NAME + ", line 4: ");
  }

  @Test
  void anyFlippedByteIsRefusedOrMeansSomethingElse() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    long seed = Long.getLong("feedlight.seed", 20261127L);
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      try {
        open().times();
      } catch (ResultFileException | RunFolderException e) {
        assertThat(e.getMessage()).as("-Dfeedlight.seed=" + seed).contains(CellStore.NAME);
      }
    }
  }
}

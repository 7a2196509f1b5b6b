package dev.feedlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.device.cpu.CpuDevice;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.OpuSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code opu project} from a file to numbers. */
final class OpuProjectTest {
  private static final int OUTPUTS = 30;
  private static final byte[] VECTORS = {1, 0, -1, 1, 1, 0, 0, -1, -1, 1, 0, 1};

  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void write() throws Exception {
    input = folder.resolve("vectors.txt");
    Files.writeString(input, "# three of four\n1 0 -1 1\n1,0,0,-1\n\n-1\t1\t0\t1\n");
  }

  private CliRun project(String more) {
    return CliRun.of(
        Stream.concat(
                Stream.of("opu", "project", "--input", input.toString(), "--outputs", "30"),
                Stream.of(more.split(" ")).filter(word -> !word.isEmpty()))
            .toArray(String[]::new));
  }

  private static float[] numbers(List<String> lines) {
    List<Float> all =
        lines.stream().flatMap(line -> Stream.of(line.split(" "))).map(Float::valueOf).toList();
    float[] values = new float[all.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(i);
    }
    return values;
  }

  @Test
  void theNumbersAreTheUnitsToTheLastBit() {
    CliRun run = project("--seed 9");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(3);
    try (Device device = CpuDevice.open(1);
        Scope scope = device.openScope("unit")) {
      EmulatedOpu unit = new EmulatedOpu(device, scope, OpuSettings.defaults(), 4, OUTPUTS, 9);
      assertThat(numbers(run.outLines())).containsExactly(unit.project(VECTORS));
    }
    assertThat(run.err())
        .contains("default: procedural matrix, camera 8 bits, noise on, clock paper-fig4")
        .contains("4 inputs of 1 mirror each", "30 of a region of 30", "anchor      mean")
        .contains("3 of 4 entries, 66.7 % of them not 0")
        .contains("modelled 0.00882 s and 0.265 J by clock paper-fig4 (a model, not measured)");
  }

  @Test
  void aFileGetsWhatStandardOutputGets() throws Exception {
    Path out = folder.resolve("new").resolve("y.txt");
    CliRun run = project("--out " + out);
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("wrote       " + out);
    assertThat(Files.readString(out)).isEqualTo(project("").out());
  }

  @Test
  void theLastLineIsJson() throws Exception {
    CliRun run =
        project("--json --select --macropixels --clock lighton-2020 --drift 9 --recalibrate 1");
    assertThat(run.code()).isZero();
    assertThat(run.outLines()).hasSize(4);
    JsonNode json = new ObjectMapper().readTree(run.outLines().getLast());
    assertThat(json.get("command").asText()).isEqualTo("opu project");
    assertThat(json.get("inputs").asInt()).isEqualTo(4);
    assertThat(json.get("outputs").asInt()).isEqualTo(OUTPUTS);
    assertThat(json.get("vectors").asInt()).isEqualTo(3);
    assertThat(json.get("mirrors_per_input").asInt()).isEqualTo(912 * 1140 / 4);
    assertThat(json.get("region_pixels").asInt()).isEqualTo(42);
    assertThat(json.get("modelled_optical_seconds").asDouble()).isEqualTo(3 * 4 * 500e-6);
    assertThat(json.get("optics").asText()).contains("macropixels", "selection from 1.4 x pixels");
    CliRun toFile = project("--json --out " + folder.resolve("y.txt"));
    assertThat(toFile.outLines()).hasSize(1);
    assertThat(new ObjectMapper().readTree(toFile.out()).get("out").asText()).endsWith("y.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--seed 2",
        "--bits 3",
        "--noise off",
        "--mean-anchor 0.1",
        "--dark-offset 20",
        "--hot-pixels 0.5",
        "--dead-pixels 0.5",
        "--select 3",
        "--macropixels on",
        "--drift 1",
        "--floor 60",
        "--bias-removal off",
        "--matrix gaussian32",
        "--matrix structured",
        "--optics ideal",
        "--optics lighton-2020"
      })
  void everyKnobArrives(String knob) {
    CliRun run = project(knob);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isNotEqualTo(project("").out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--transmission stored",
        "--macropixels off",
        "--optics paper-frames",
        "--select 1"
      })
  void whatIsNoOtherUnitGivesTheSameNumbers(String knob) {
    assertThat(project(knob).out()).isEqualTo(project("").out()).isNotEmpty();
  }

  @Test
  void badLinesAreNamedAndNothingIsWritten() throws Exception {
    Files.writeString(input, "1 0\n1 0.5\n");
    Path out = folder.resolve("y.txt");
    CliRun run = project("--out " + out);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).startsWith("feedlight: ").contains("line 2, has 0.5 in place 2");
    assertThat(run.out()).isEmpty();
    assertThat(out).doesNotExist();
  }

  @Test
  void moreNumbersThanMirrorsAreRefused() throws Exception {
    Files.writeString(input, "1 ".repeat(912 * 1140 + 1));
    CliRun run = project("");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("line 1, has 1039681 numbers, more than the 1039680 mirrors");
  }

  @Test
  void moreOutputsThanPixelsAreRefused() {
    CliRun run = CliRun.of("opu", "project", "--input", input.toString(), "--outputs", "2219521");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("a region of 2219521 pixels does not fit a sensor of 2219520");
    assertThat(run.out()).isEmpty();
  }
}

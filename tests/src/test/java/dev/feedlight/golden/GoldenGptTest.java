package dev.feedlight.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.GptModel;
import dev.feedlight.device.Device;
import dev.feedlight.device.TestDevice;
import dev.feedlight.device.cuda.StandIn;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A model's logits against an independent implementation in double precision, gpt.py, whose folder
 * is read here as another program wrote it, and against PyTorch.
 */
public final class GoldenGptTest {
  /**
   * Some hundred roundings of 2^-24 each of values up to 12; PyTorch in fp32 is off by 3.4e-6 here.
   */
  private static final double ACCURACY = 2e-5;

  /** Roundings of scores of order 1, and exp to 2e-6. */
  private static final double MAP_ACCURACY = 5e-6;

  private final GoldenFile golden = GoldenFile.read("gpt.txt");

  /** The folder of the model. */
  public static Path folder() {
    URL config = GoldenGptTest.class.getResource("gpt/config.json");
    try {
      return Path.of(config.toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "whole, standardized",
    "part, standardized",
    "whole, plain",
    "part, plain",
  })
  void allDevicesAgreeWithNumpy(String name, String residual, @TempDir Path directory)
      throws IOException {
    Path model = folder();
    if (residual.equals("plain")) {
      model = withPlainSums(directory);
    }
    hold(TestDevice.CPU_2.open(), model, name, residual);
    hold(TestDevice.REFERENCE.open(), model, name, residual);
    hold(StandIn.open(), model, name, residual);
  }

  private static Path withPlainSums(Path directory) throws IOException {
    for (String file : List.of(GptModel.WEIGHTS, GptModel.TOKENIZER)) {
      Files.copy(folder().resolve(file), directory.resolve(file));
    }
    String config = Files.readString(folder().resolve(GptModel.CONFIG));
    assertThat(config).contains("standardized");
    Files.writeString(directory.resolve(GptModel.CONFIG), config.replace("standardized", "plain"));
    return directory;
  }

  private void hold(Device opened, Path folder, String name, String residual) throws IOException {
    int[] tokens = tokens(name);
    try (Device device = opened;
        GptModel model = GptModel.open(device, folder)) {
      float[][] logits = model.logits(tokens);
      double[] expected = golden.doubles(name + "." + residual + ".logits");
      int vocabulary = model.tokenizer().vocabulary();
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(logits[i / vocabulary][i % vocabulary] - expected[i]) <= ACCURACY)
            .as(
                "logit %d: %s, by gpt.py %s",
                i, logits[i / vocabulary][i % vocabulary], expected[i])
            .isTrue();
      }
      for (int layer = 0; layer < model.shape().layers(); layer++) {
        double[] map =
            Arrays.stream(model.attention(tokens, layer)).flatMapToDouble(Arrays::stream).toArray();
        double[] shares = golden.doubles(name + "." + residual + ".attention" + layer);
        assertThat(map).hasSameSizeAs(shares);
        for (int i = 0; i < map.length; i++) {
          assertThat(Math.abs(map[i] - shares[i]) <= MAP_ACCURACY)
              .as("layer %d, pair %d: %s, by gpt.py %s", layer, i, map[i], shares[i])
              .isTrue();
        }
      }
    }
  }

  /** Held against what docs/pytorch/load_gpt.py printed of the same folder, with PyTorch 2.13. */
  @Test
  void pytorchReadsTheSameModel() throws IOException {
    List<String> rows = Files.readAllLines(folder().resolveSibling("gpt-pytorch.txt"));
    int[] tokens = tokens("whole");
    assertThat(rows).hasSize(tokens.length);
    try (Device device = TestDevice.CPU_2.open();
        GptModel model = GptModel.open(device, folder())) {
      float[][] logits = model.logits(tokens);
      for (int i = 0; i < tokens.length; i++) {
        String[] row = rows.get(i).split(" ");
        assertThat(row).hasSize(logits[i].length);
        for (int j = 0; j < row.length; j++) {
          assertThat((double) logits[i][j])
              .as("logit %d after token %d", j, i)
              .isCloseTo(Double.parseDouble(row[j]), within(ACCURACY));
        }
      }
    }
  }

  /** Were the tolerance wide, or all logits alike, agreement would mean nothing. */
  @Test
  void theGoldenLogitsAreOfManySizes() {
    double[] logits = golden.doubles("whole.standardized.logits");
    assertThat(Arrays.stream(logits).max().orElseThrow()).isGreaterThan(5);
    assertThat(Arrays.stream(logits).min().orElseThrow()).isLessThan(-5);
    assertThat(tokens("whole")).hasSize(7);
  }

  private int[] tokens(String name) {
    return Arrays.stream(golden.longs(name + ".tokens")).mapToInt(Math::toIntExact).toArray();
  }
}

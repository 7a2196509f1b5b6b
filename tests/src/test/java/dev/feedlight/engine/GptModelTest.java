package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.GptModel;
import dev.feedlight.ModelException;
import dev.feedlight.data.DataException;
import dev.feedlight.data.MissingFilesException;
import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.data.text.TokenizerException;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.TestDevice;
import dev.feedlight.golden.GoldenGptTest;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.lm.Sampling;
import dev.feedlight.lm.TextGenerator.Continuation;
import dev.feedlight.nn.FeedbackPoints;
import dev.feedlight.nn.GptNetwork;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.InitialWeights;
import dev.feedlight.nn.Network;
import dev.feedlight.nn.Residual;
import dev.feedlight.tensor.ShapeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's folder: written and read back, refused where anything is wrong, and gone on from. */
final class GptModelTest {
  private static final GptShape SHAPE = new GptShape(260, 7, 12, 2, 3, 20, Residual.STANDARDIZED);
  private static final int[] TOKENS = {3, 259, 0, 70};

  @TempDir private Path base;

  private final Device device = TestDevice.CPU_2.open();
  private final Scope scope = device.openScope("weights");
  private final BytePairTokenizer tokenizer = tokenizer();

  private static BytePairTokenizer tokenizer() {
    try {
      return BytePairTokenizer.read(GoldenGptTest.folder().resolve(GptModel.TOKENIZER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    scope.close();
    device.close();
  }

  private Network network(FeedbackPoints points, long seed) {
    return GptNetwork.build(device, scope, SHAPE, points, InitialWeights.UNIT_VARIANCE, seed);
  }

  private Path written(String name) throws IOException {
    Path folder = base.resolve(name);
    GptModel.write(folder, SHAPE, tokenizer, network(FeedbackPoints.MICRO, 5));
    return folder;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Network network = network(FeedbackPoints.MICRO, 5);
    Path folder = base.resolve("new/model");
    GptModel.write(folder, SHAPE, tokenizer, network);
    assertThat(names(folder))
        .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
    assertThat(names(base.resolve("new"))).containsExactly("model");
    try (GptModel model = GptModel.open(device, folder)) {
      assertThat(model.shape()).isEqualTo(SHAPE);
      assertThat(model.tokenizer().sha256()).isEqualTo(tokenizer.sha256());
      for (int i = 0; i < network.parameters().size(); i++) {
        Parameter parameter = model.network().parameters().get(i);
        assertThat(parameter.name()).isEqualTo(network.parameters().get(i).name());
        assertThat(parameter.read()).isEqualTo(network.parameters().get(i).read());
      }
    }
  }

  /** Names and extents are those of PyTorch's modules: vectors have one dimension. */
  @Test
  void tensorsAreNamedAsInGpt2() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(written("model").resolve(GptModel.WEIGHTS))) {
      assertThat(file.tensors()).hasSize(2 + 12 * 2 + 3);
      assertThat(file.tensors().stream().map(TensorInfo::toString))
          .startsWith("wte.weight F32[260, 12]", "wpe.weight F32[7, 12]", "h.0.ln_1.weight F32[12]")
          .contains(
              "h.1.attn.c_attn.weight F32[36, 12]",
              "h.1.attn.c_attn.bias F32[36]",
              "h.1.mlp.c_fc.weight F32[20, 12]",
              "h.1.mlp.c_proj.weight F32[12, 20]")
          .endsWith("ln_f.weight F32[12]", "ln_f.bias F32[12]", "lm_head.weight F32[260, 12]");
      assertThat(file.tensors().stream().mapToLong(TensorInfo::elements).sum())
          .isEqualTo(SHAPE.parameters());
    }
  }

  @Test
  void aFolderThatIsThereStays() throws IOException {
    Path folder = written("model");
    byte[] before = Files.readAllBytes(folder.resolve(GptModel.WEIGHTS));
    Network other = network(FeedbackPoints.MACRO, 6);
    assertThatThrownBy(() -> GptModel.write(folder, SHAPE, tokenizer, other))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is there already");
    assertThat(folder.resolve(GptModel.WEIGHTS)).hasBinaryContent(before);
    assertThatThrownBy(() -> GptModel.requireWritable(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is there already");
    Path below = folder.resolve("config.json/model");
    assertThatThrownBy(() -> GptModel.requireWritable(below))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cannot be written");
    GptModel.requireWritable(base.resolve("new/parents/model"));
    assertThat(names(base)).containsExactly("model");
  }

  @Test
  void whatCannotBeAModelIsNotWritten() throws IOException {
    Path folder = base.resolve("model");
    Network network = network(FeedbackPoints.MICRO, 5);
    GptShape other = new GptShape(261, 7, 12, 2, 3, 20, Residual.STANDARDIZED);
    assertThatThrownBy(() -> GptModel.write(folder, other, tokenizer, network))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("has 260 tokens, but 261 are needed");
    GptShape wide = new GptShape(260, 7, 15, 2, 3, 20, Residual.STANDARDIZED);
    assertThatThrownBy(() -> GptModel.write(folder, wide, tokenizer, network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no GPT of");
    Parameter head = network.parameters().getLast();
    float[] values = head.read();
    values[17] = Float.NaN;
    head.write(values);
    assertThatThrownBy(() -> GptModel.write(folder, SHAPE, tokenizer, network))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("lm_head.weight has NaN at element 17 of 3120");
    assertThat(names(base)).isEmpty();
  }

  /** A change of a sound folder's files. */
  @FunctionalInterface
  private interface Damage {
    void to(Path folder) throws IOException;
  }

  private void refused(Class<? extends DataException> type, String message, Damage damage)
      throws IOException {
    Path folder = written("damaged" + names(base).size());
    damage.to(folder);
    long live = device.memory().liveBytes();
    assertThatThrownBy(() -> GptModel.open(device, folder))
        .isInstanceOf(type)
        .hasMessageContaining(message);
    assertThat(device.memory().liveBytes()).isEqualTo(live);
  }

  private static void change(Path folder, String from, String to) throws IOException {
    Path config = folder.resolve(GptModel.CONFIG);
    String text = Files.readString(config);
    assertThat(text).contains(from);
    Files.writeString(config, text.replace(from, to));
  }

  @Test
  void damagedFoldersAreRefused() throws IOException {
    assertThatThrownBy(() -> GptModel.open(device, base.resolve("none")))
        .isInstanceOf(MissingFilesException.class)
        .hasMessageContaining("none is no folder: a model is a folder with config.json");
    for (String file : List.of(GptModel.CONFIG, GptModel.WEIGHTS, GptModel.TOKENIZER)) {
      refused(MissingFilesException.class, "has no " + file, at -> Files.delete(at.resolve(file)));
    }
    refused(
        ModelException.class,
        "\"layers\" is 4097 and should be at most 4096",
        at -> change(at, "\"layers\": 2", "\"layers\": 4097"));
    refused(
        ModelException.class,
        "lacks h.2.ln_1.weight F32[12] of a model of 4000 layers; it has 29",
        at -> change(at, "\"layers\": 2", "\"layers\": 4000"));
    refused(
        ModelException.class,
        "has 12 tensors too many",
        at -> change(at, "\"layers\": 2", "\"layers\": 1"));
    refused(
        ModelException.class,
        "wpe.weight F32[7, 12] should be wpe.weight F32[16777216, 12]",
        at -> change(at, "\"context\": 7", "\"context\": 16777216"));
    refused(
        ModelException.class,
        "a width of 12 cannot be cut into 5 heads",
        at -> change(at, "\"heads\": 3", "\"heads\": 5"));
    refused(
        ModelException.class,
        "extents of a GPT must be at least 1",
        at -> change(at, "\"hidden\": 20", "\"hidden\": 0"));
    refused(
        ModelException.class,
        "\"activation\" is relu and should be gelu",
        at -> change(at, "\"gelu\"", "\"relu\""));
    refused(
        ModelException.class,
        "\"layer_norm_epsilon\" is 1.0E-6 and should be 1.0E-5",
        at -> change(at, "1.0E-5", "1.0E-6"));
    refused(
        ModelException.class,
        "\"version\" is 2 and should be 1",
        at -> change(at, "\"version\": 1", "\"version\": 2"));
    refused(
        ModelException.class,
        "has the entry \"dropout\"",
        at -> change(at, "\"activation\"", "\"dropout\": 0.1, \"activation\""));
    refused(
        ModelException.class,
        "has 70000 bytes; at most 65536 can be read",
        at -> Files.write(at.resolve(GptModel.CONFIG), new byte[70_000]));
    refused(
        TokenizerException.class,
        "has 260 tokens, but 300 are needed",
        at -> change(at, "\"vocabulary\": 260", "\"vocabulary\": 300"));
    refused(
        TokenizerException.class,
        "is not the model's: its SHA-256 is",
        at ->
            Files.writeString(
                at.resolve(GptModel.TOKENIZER),
                Files.readString(at.resolve(GptModel.TOKENIZER)) + "\n"));
    refused(
        ModelException.class,
        "the tensors have 34864 bytes, the file has 34860 of data",
        at -> {
          byte[] all = Files.readAllBytes(at.resolve(GptModel.WEIGHTS));
          Files.write(at.resolve(GptModel.WEIGHTS), Arrays.copyOf(all, all.length - 4));
        });
    refused(
        ModelException.class,
        "lm_head.weight has Infinity at element 3119 of 3120",
        at -> {
          byte[] all = Files.readAllBytes(at.resolve(GptModel.WEIGHTS));
          ByteBuffer.wrap(all)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putFloat(all.length - 4, Float.POSITIVE_INFINITY);
          Files.write(at.resolve(GptModel.WEIGHTS), all);
        });
    refused(
        ModelException.class,
        "lacks h.0.ln_1.weight F32[12]",
        at -> {
          String all = Files.readString(at.resolve(GptModel.WEIGHTS), StandardCharsets.ISO_8859_1);
          Files.writeString(
              at.resolve(GptModel.WEIGHTS),
              all.replace("h.0.ln_1.weight", "h.0.ln_1.wEight"),
              StandardCharsets.ISO_8859_1);
        });
  }

  @Test
  void theSameSeedWritesTheSameText() throws IOException {
    try (GptModel model = GptModel.open(device, written("model"))) {
      List<String> parts = new ArrayList<>();
      Continuation first =
          model.generator().generate("JACK: the", 40, new Sampling(1, 20, 3), parts::add);
      assertThat(first.prompt()).isEqualTo(tokenizer.encode("JACK: the"));
      assertThat(first.tokens()).hasSize(40);
      assertThat(first.text()).isEqualTo(tokenizer.decode(first.tokens()));
      assertThat(String.join("", parts)).isEqualTo(first.text());
      assertThat(parts).hasSizeGreaterThan(5).doesNotContain("");
      Continuation again =
          model.generator().generate("JACK: the", 40, new Sampling(1, 20, 3), _ -> {});
      assertThat(again.tokens()).isEqualTo(first.tokens());
      Continuation other =
          model.generator().generate("JACK: the", 40, new Sampling(1, 20, 4), _ -> {});
      assertThat(other.tokens()).isNotEqualTo(first.tokens());
    }
  }

  /** Greedy text is the argmax of the logits of the last tokens, beyond the context too. */
  @Test
  void beyondTheContextTheLastTokensCount() throws IOException {
    try (GptModel model = GptModel.open(device, written("model"))) {
      String prompt = "the and t";
      int[] seen = model.tokenizer().encode(prompt);
      assertThat(seen).hasSizeBetween(2, 7);
      Continuation written = model.generator().generate(prompt, 12, new Sampling(0, 0, 1), _ -> {});
      for (int token : written.tokens()) {
        int[] last = Arrays.copyOfRange(seen, Math.max(0, seen.length - 7), seen.length);
        float[] logits = model.logits(last)[last.length - 1];
        assertThat(token).isEqualTo(new Sampling(0, 0, 1).draw(logits, 0));
        seen = IntStream.concat(Arrays.stream(seen), IntStream.of(token)).toArray();
      }
    }
  }

  @Test
  void promptsThatCannotBeGoneOnWithAreRefused() throws IOException {
    try (GptModel model = GptModel.open(device, written("model"))) {
      refused(model, "", ShapeException.class, "the prompt is empty");
      refused(
          model, "12345678", ShapeException.class, "has 8 tokens, and the model sees 7 at once");
      refused(model, "a\uD83D", DataException.class, "half a surrogate pair");
    }
  }

  private static void refused(
      GptModel model, String prompt, Class<? extends Exception> type, String message) {
    assertThatThrownBy(() -> model.generator().generate(prompt, 5, new Sampling(0, 0, 1), _ -> {}))
        .isInstanceOf(type)
        .hasMessageContaining(message);
  }

  @Test
  void attentionOfAPromptIsCausal() throws IOException {
    try (GptModel model = GptModel.open(device, written("model"))) {
      double[][] map = model.attention(TOKENS, 1);
      for (int query = 0; query < TOKENS.length; query++) {
        assertThat(Arrays.stream(map[query]).sum()).isBetween(1 - 1e-12, 1 + 1e-12);
        for (int key = 0; key < TOKENS.length; key++) {
          assertThat(map[query][key] > 0).isEqualTo(key <= query);
        }
      }
    }
  }

  @Test
  void aModelThatDoesNotFitLeavesNothing() throws IOException {
    Path folder = written("model");
    boolean opened = false;
    for (int failing = 0; !opened; failing += 9) {
      try (FailingDevice full = new FailingDevice(TestDevice.CPU_1.open(), failing)) {
        try (GptModel model = GptModel.open(full, folder)) {
          assertThat(model.shape()).isNotNull();
          assertThat(full.hasFailed()).isFalse();
          opened = true;
        } catch (DeviceException e) {
          assertThat(full.hasFailed()).isTrue();
        }
        assertThat(AllocationFailureTest.owned(full)).isEmpty();
      }
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}

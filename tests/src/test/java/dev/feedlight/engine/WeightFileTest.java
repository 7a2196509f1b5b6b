package dev.feedlight.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.DfaEngine;
import dev.feedlight.device.Activation;
import dev.feedlight.device.Parameter;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.NpzFile;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.SafetensorsWriter;
import dev.feedlight.io.StoredType;
import dev.feedlight.io.TensorFile;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.learn.Loss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WeightFileTest {
  private static final List<TensorInfo> TENSORS =
      List.of(
          f32("dense1.weight", 5L, 3L),
          f32("dense1.bias", 5L),
          f32("dense2.weight", 1L, 5L),
          f32("dense2.bias", 1L));

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w.npz"})
  void weightsGoRoundAndHaveTheirDocumentedNames(String name) throws IOException {
    Path file = folder.resolve("made").resolve(name);
    try (DfaEngine one = engine(1);
        DfaEngine two = engine(2)) {
      one.saveWeights(file);
      try (TensorFile written =
          name.endsWith(".npz") ? NpzFile.open(file) : SafetensorsFile.open(file)) {
        assertThat(written.tensors()).isEqualTo(TENSORS);
        float[] weight = new float[15];
        written.read("dense1.weight", weight);
        assertThat(weight).isEqualTo(one.network().parameters().getFirst().read());
      }
      assertThat(weights(two)).usingRecursiveComparison().isNotEqualTo(weights(one));
      two.loadWeights(file);
      assertThat(weights(two)).usingRecursiveComparison().isEqualTo(weights(one));
      two.saveWeights(folder.resolve(name));
      assertThat(Files.readAllBytes(folder.resolve(name))).isEqualTo(Files.readAllBytes(file));
      try (var files = Files.list(folder.resolve("made"))) {
        assertThat(files).containsExactly(file);
      }
    }
  }

  @Test
  void theFirstBlockComputesWhatTheNamesSay() throws IOException {
    try (DfaEngine engine =
        DfaEngine.builder().inputs(2).dense(2, Activation.IDENTITY).batch(1).build()) {
      Path known = folder.resolve("one.safetensors");
      try (SeekableByteChannel channel = create(known)) {
        SafetensorsWriter writer =
            new SafetensorsWriter(
                channel, List.of(f32("dense1.bias", 2L), f32("dense1.weight", 2L, 2L)), Map.of());
        writer.write("dense1.bias", new float[] {100, 200}, 0, 2);
        writer.write("dense1.weight", new float[] {1, 2, 3, 4}, 0, 4);
        writer.finish();
      }
      engine.loadWeights(known);
      assertThat(engine.predict(new float[] {10, 1})).containsExactly(112, 234);
    }
  }

  @Test
  void whatDoesNotFitIsListedAndNothingChanges() throws IOException {
    Path file = folder.resolve("other.safetensors");
    write(
        file,
        List.of(
            f32("dense1.weight", 3L, 5L),
            f32("dense1.bias", 1L, 5L),
            new TensorInfo("dense2.weight", StoredType.I32, List.of(1L, 5L)),
            f32("dense3.bias", 1L)),
        0);
    unchanged(
        file,
        "dense1.weight F32[3, 5] should be dense1.weight F32[5, 3]",
        "dense2.weight I32[1, 5] should be dense2.weight F32[1, 5]",
        "missing: [dense2.bias]",
        "not of this network: [dense3.bias]");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void valuesThatAreNotFiniteAreRefused(float value) throws IOException {
    Path file = folder.resolve("nan.safetensors");
    write(file, TENSORS, value);
    unchanged(file, "dense2.bias has " + value + " at element 0 of 1");
  }

  @Test
  void damagedFilesChangeNothing() throws IOException {
    try (DfaEngine engine = engine(3)) {
      engine.saveWeights(folder.resolve("w.npz"));
      engine.saveWeights(folder.resolve("w.safetensors"));
    }
    for (String name : List.of("w.npz", "w.safetensors")) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      Files.write(folder.resolve(name), Arrays.copyOf(bytes, bytes.length - 1));
      unchanged(folder.resolve(name), name);
    }
  }

  @Test
  void otherEndingsAndMissingFilesAreRefused() {
    try (DfaEngine engine = engine(1)) {
      for (Path file : List.of(folder.resolve("w.bin"), folder.resolve("safetensors"))) {
        assertThatThrownBy(() -> engine.saveWeights(file))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("*.safetensors or *.npz");
        assertThatThrownBy(() -> engine.loadWeights(file))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> engine.loadWeights(folder.resolve("none.npz")))
          .withMessageContaining("none.npz could not be read");
    }
  }

  private void unchanged(Path file, String... messages) {
    try (DfaEngine engine = engine(7)) {
      List<float[]> before = weights(engine);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> engine.loadWeights(file))
          .satisfies(e -> assertThat(e.getMessage()).contains(messages));
      assertThat(weights(engine)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  /** All zeros but the last element of the last tensor. */
  private static void write(Path file, List<TensorInfo> tensors, float last) throws IOException {
    try (SeekableByteChannel channel = create(file)) {
      SafetensorsWriter writer = new SafetensorsWriter(channel, tensors, Map.of());
      for (TensorInfo tensor : tensors) {
        int elements = (int) tensor.elements();
        if (tensor.type() == StoredType.I32) {
          writer.write(tensor.name(), new int[elements], 0, elements);
        } else {
          float[] values = new float[elements];
          values[elements - 1] = tensor.equals(tensors.getLast()) ? last : 0;
          writer.write(tensor.name(), values, 0, elements);
        }
      }
      writer.finish();
    }
  }

  private static TensorInfo f32(String name, Long... extents) {
    return new TensorInfo(name, StoredType.F32, List.of(extents));
  }

  private static SeekableByteChannel create(Path file) throws IOException {
    return Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static DfaEngine engine(long seed) {
    return DfaEngine.builder()
        .inputs(3)
        .dense(5, Activation.TANH)
        .dense(1, Activation.IDENTITY)
        .loss(Loss.MEAN_SQUARED_ERROR)
        .batch(4)
        .seed(seed)
        .build();
  }

  private static List<float[]> weights(DfaEngine engine) {
    return engine.network().parameters().stream().map(Parameter::read).toList();
  }
}

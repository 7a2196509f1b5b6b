package dev.feedlight;

import dev.feedlight.device.Parameter;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.SafetensorsWriter;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.nn.GptShape;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The {@code model.safetensors} of a model: GPT-2's names, F32, matrices as outputs x inputs, gains
 * and biases as vectors; see docs/file-format.md.
 */
final class GptWeights {
  private GptWeights() {}

  static void write(Path file, GptShape shape, List<Parameter> parameters) throws IOException {
    List<TensorInfo> tensors = tensors(shape).toList();
    Map<String, Parameter> byName = new HashMap<>();
    parameters.forEach(parameter -> byName.put(parameter.name(), parameter));
    AtomicFile.writeChannel(
        file,
        channel -> {
          SafetensorsWriter writer = new SafetensorsWriter(channel, tensors, Map.of());
          for (TensorInfo tensor : tensors) {
            float[] values = byName.get(tensor.name()).read();
            TensorFiles.requireFinite(tensor.name(), values, file);
            writer.write(tensor.name(), values, 0, values.length);
          }
          writer.finish();
        });
  }

  /** The tensors of a shape, in the order of the file, made as they are asked for. */
  static Stream<TensorInfo> tensors(GptShape shape) {
    long width = shape.width();
    return Stream.of(
            Stream.of(
                matrix("wte", shape.vocabulary(), width), matrix("wpe", shape.context(), width)),
            IntStream.range(0, shape.layers())
                .mapToObj(layer -> "h." + layer)
                .flatMap(layer -> layer(layer, width, shape.hidden())),
            Stream.of(
                weight("ln_f", width),
                bias("ln_f", width),
                matrix("lm_head", shape.vocabulary(), width)))
        .flatMap(part -> part);
  }

  private static Stream<TensorInfo> layer(String layer, long width, long hidden) {
    return Stream.of(
        weight(layer + ".ln_1", width),
        bias(layer + ".ln_1", width),
        matrix(layer + ".attn.c_attn", 3 * width, width),
        bias(layer + ".attn.c_attn", 3 * width),
        matrix(layer + ".attn.c_proj", width, width),
        bias(layer + ".attn.c_proj", width),
        weight(layer + ".ln_2", width),
        bias(layer + ".ln_2", width),
        matrix(layer + ".mlp.c_fc", hidden, width),
        bias(layer + ".mlp.c_fc", hidden),
        matrix(layer + ".mlp.c_proj", width, hidden),
        bias(layer + ".mlp.c_proj", width));
  }

  private static TensorInfo matrix(String name, long rows, long columns) {
    return TensorInfo.of(name + ".weight", DType.F32, new Shape(rows, columns));
  }

  private static TensorInfo weight(String name, long elements) {
    return TensorInfo.vector(name + ".weight", DType.F32, elements);
  }

  private static TensorInfo bias(String name, long elements) {
    return TensorInfo.vector(name + ".bias", DType.F32, elements);
  }

  /**
   * Refuses a file that does not hold exactly the tensors of a shape. Nothing is allocated in
   * proportion to what the shape promises: the first tensor that the file lacks ends the search.
   */
  static void requireTensors(SafetensorsFile weights, GptShape shape, Path file) {
    Map<String, TensorInfo> found = new HashMap<>();
    weights.tensors().forEach(tensor -> found.put(tensor.name(), tensor));
    int tensors = found.size();
    tensors(shape)
        .forEachOrdered(
            wanted -> {
              TensorInfo tensor = found.remove(wanted.name());
              if (tensor == null) {
                throw new FormatException(
                    file.toString(),
                    "lacks "
                        + wanted
                        + " of a model of "
                        + shape.layers()
                        + " layers; it has "
                        + tensors
                        + " tensors");
              }
              if (!tensor.equals(wanted)) {
                throw new FormatException(
                    file.toString(), tensor + " should be " + wanted + " by config.json");
              }
            });
    if (!found.isEmpty()) {
      throw new FormatException(
          file.toString(),
          "has "
              + found.size()
              + " tensors too many, among them "
              + found.values().iterator().next()
              + "; config.json says "
              + shape.layers()
              + " layers");
    }
  }

  /** Reads all values; the file has the tensors of the parameters' shape. */
  static void read(SafetensorsFile weights, List<Parameter> parameters, Path file)
      throws IOException {
    for (Parameter parameter : parameters) {
      float[] values = new float[parameter.shape().arrayLength()];
      weights.read(parameter.name(), values);
      TensorFiles.requireFinite(parameter.name(), values, file);
      parameter.write(values);
    }
  }
}

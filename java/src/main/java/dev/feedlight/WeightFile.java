package dev.feedlight;

import dev.feedlight.device.Device;
import dev.feedlight.device.Parameter;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.NpzFile;
import dev.feedlight.io.NpzWriter;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.SafetensorsWriter;
import dev.feedlight.io.TensorFile;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.io.TensorWriter;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a network in a file for others, safetensors or npz; see docs/file-format.md. The
 * names are those of the parameters.
 */
final class WeightFile {
  /** The end of the name of a parameter that is a vector; all others are matrices. */
  private static final String BIAS = ".bias";

  private WeightFile() {}

  /** What the ending of a file's name says. */
  private enum Format {
    SAFETENSORS(".safetensors") {
      @Override
      TensorWriter writer(SeekableByteChannel channel, List<TensorInfo> tensors)
          throws IOException {
        return new SafetensorsWriter(channel, tensors, Map.of());
      }

      @Override
      TensorFile open(Path file) throws IOException {
        return SafetensorsFile.open(file);
      }
    },
    NPZ(NpzFile.ENDING) {
      @Override
      TensorWriter writer(SeekableByteChannel channel, List<TensorInfo> tensors)
          throws IOException {
        return new NpzWriter(channel, tensors);
      }

      @Override
      TensorFile open(Path file) throws IOException {
        return NpzFile.open(file);
      }
    };

    private final String ending;

    Format(String ending) {
      this.ending = ending;
    }

    abstract TensorWriter writer(SeekableByteChannel channel, List<TensorInfo> tensors)
        throws IOException;

    abstract TensorFile open(Path file) throws IOException;

    static Format of(Path file) {
      for (Format format : values()) {
        if (file.toString().endsWith(format.ending)) {
          return format;
        }
      }
      throw new IllegalArgumentException(
          "a file of weights is called *"
              + SAFETENSORS.ending
              + " or *"
              + NPZ.ending
              + ", not "
              + file.getFileName());
    }
  }

  static void save(Network network, Device device, Path file) {
    Format format = Format.of(file);
    List<Parameter> parameters = network.parameters();
    List<TensorInfo> tensors = parameters.stream().map(WeightFile::info).toList();
    try {
      AtomicFile.writeChannel(
          file,
          channel -> {
            TensorWriter writer = format.writer(channel, tensors);
            for (Parameter parameter : parameters) {
              TensorFiles.write(writer, device, parameter.name(), parameter.value());
            }
            writer.finish();
          });
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " could not be written, what it held before stays: " + e.getMessage(), e);
    }
  }

  private static TensorInfo info(Parameter parameter) {
    return parameter.name().endsWith(BIAS) && parameter.shape().rows() == 1
        ? TensorInfo.vector(parameter.name(), DType.F32, parameter.shape().columns())
        : TensorInfo.of(parameter.name(), DType.F32, parameter.shape());
  }

  /** Reads and checks everything before the first parameter changes. */
  static void load(Network network, Path file) {
    List<Parameter> parameters = network.parameters();
    List<float[]> values = new ArrayList<>();
    try (TensorFile weights = Format.of(file).open(file)) {
      requireFits(parameters, weights, file);
      for (Parameter parameter : parameters) {
        float[] value = new float[parameter.shape().arrayLength()];
        weights.read(parameter.name(), value);
        TensorFiles.requireFinite(parameter.name(), value, file);
        values.add(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " could not be read, no weight has changed: " + e.getMessage(), e);
    }
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).write(values.get(i));
    }
  }

  private static void requireFits(List<Parameter> parameters, TensorFile weights, Path file) {
    Map<String, TensorInfo> wanted = new LinkedHashMap<>();
    Map<String, Shape> shapes = new HashMap<>();
    for (Parameter parameter : parameters) {
      wanted.put(parameter.name(), info(parameter));
      shapes.put(parameter.name(), parameter.shape());
    }
    List<String> misfits =
        TensorFiles.misfits(
            weights,
            wanted,
            found -> found.hasShape(shapes.get(found.name())) && found.type().isFloat());
    if (!misfits.isEmpty()) {
      throw new FormatException(
          file.toString(), "does not fit this network: " + EngineCheckpoint.listed(misfits));
    }
  }
}

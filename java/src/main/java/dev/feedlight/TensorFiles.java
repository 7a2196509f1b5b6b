package dev.feedlight;

import dev.feedlight.device.Device;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.SafetensorsWriter;
import dev.feedlight.io.TensorFile;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.io.TensorWriter;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** F32 tensors of a device, by name, to and from safetensors; a few rows at a time. */
final class TensorFiles {
  /** Floats that pass through the heap at once (ours). */
  private static final long PIECE = 1 << 20;

  private TensorFiles() {}

  /** Takes rows of a tensor. */
  @FunctionalInterface
  private interface Piece {
    void accept(Tensor rows, long firstElement, float[] values) throws IOException;
  }

  static void write(
      WritableByteChannel channel,
      Device device,
      Map<String, Tensor> tensors,
      Map<String, String> metadata)
      throws IOException {
    List<TensorInfo> infos = List.copyOf(infos(tensors).values());
    SafetensorsWriter writer = new SafetensorsWriter(channel, infos, metadata);
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      write(writer, device, entry.getKey(), entry.getValue());
    }
    writer.finish();
  }

  /** Writes a tensor that is due. */
  static void write(TensorWriter writer, Device device, String name, Tensor tensor)
      throws IOException {
    pieces(
        tensor,
        (rows, _, values) -> {
          device.read(rows, values);
          writer.write(name, values, 0, values.length);
        });
  }

  private static TensorInfo info(String name, Tensor tensor) {
    return TensorInfo.of(name, tensor.dtype(), tensor.shape());
  }

  /** What a file of exactly these tensors says of them. */
  static Map<String, TensorInfo> infos(Map<String, Tensor> tensors) {
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> infos.put(name, info(name, tensor)));
    return infos;
  }

  /**
   * What keeps a file from being read into tensors; empty if nothing does.
   *
   * @param wanted by name
   * @param fits whether a tensor of a wanted name can be read
   */
  static List<String> misfits(
      TensorFile file, Map<String, TensorInfo> wanted, Predicate<TensorInfo> fits) {
    Map<String, TensorInfo> found = new LinkedHashMap<>();
    file.tensors().forEach(tensor -> found.put(tensor.name(), tensor));
    List<String> misfits = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    wanted.forEach(
        (name, info) -> {
          TensorInfo tensor = found.remove(name);
          if (tensor == null) {
            missing.add(name);
          } else if (!fits.test(tensor)) {
            misfits.add(tensor + " should be " + info);
          }
        });
    if (!missing.isEmpty()) {
      misfits.add("missing: " + missing);
    }
    if (!found.isEmpty()) {
      misfits.add("not of this network: " + found.keySet());
    }
    return misfits;
  }

  static void read(SafetensorsFile file, Device device, Map<String, Tensor> tensors)
      throws IOException {
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      pieces(
          entry.getValue(),
          (rows, first, values) -> {
            file.read(entry.getKey(), first, values);
            device.write(rows, values);
          });
    }
  }

  /** Refuses values of a file that are no numbers, before they reach a network. */
  static void requireFinite(String tensor, float[] values, Path file) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new FormatException(
            file.toString(),
            tensor + " has " + values[i] + " at element " + i + " of " + values.length);
      }
    }
  }

  private static void pieces(Tensor tensor, Piece piece) throws IOException {
    long columns = tensor.columns();
    long step = Math.max(1, PIECE / columns);
    for (long row = 0; row < tensor.rows(); row += step) {
      Tensor rows = tensor.rowRange(row, Math.min(step, tensor.rows() - row));
      piece.accept(rows, row * columns, new float[rows.shape().arrayLength()]);
    }
  }
}

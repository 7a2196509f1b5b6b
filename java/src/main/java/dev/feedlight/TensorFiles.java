package dev.feedlight;

import dev.feedlight.device.Device;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.SafetensorsWriter;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.io.TensorWriter;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    List<TensorInfo> infos = new ArrayList<>();
    tensors.forEach((name, tensor) -> infos.add(info(name, tensor)));
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

  /** What keeps a file from being read into the tensors; empty if nothing does. */
  static List<String> misfits(SafetensorsFile file, Map<String, Tensor> tensors) {
    List<String> misfits = new ArrayList<>();
    Set<String> unexpected = new LinkedHashSet<>();
    for (TensorInfo found : file.tensors()) {
      Tensor wanted = tensors.get(found.name());
      if (wanted == null) {
        unexpected.add(found.name());
      } else if (!found.equals(info(found.name(), wanted))) {
        misfits.add(found + " should be " + info(found.name(), wanted));
      }
    }
    Set<String> missing = new LinkedHashSet<>(tensors.keySet());
    file.tensors().forEach(found -> missing.remove(found.name()));
    if (!missing.isEmpty()) {
      misfits.add("missing: " + missing);
    }
    if (!unexpected.isEmpty()) {
      misfits.add("not of this network: " + unexpected);
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

  private static void pieces(Tensor tensor, Piece piece) throws IOException {
    long columns = tensor.columns();
    long step = Math.max(1, PIECE / columns);
    for (long row = 0; row < tensor.rows(); row += step) {
      Tensor rows = tensor.rowRange(row, Math.min(step, tensor.rows() - row));
      piece.accept(rows, row * columns, new float[rows.shape().arrayLength()]);
    }
  }
}

package dev.feedlight.opu;

import dev.feedlight.device.Device;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;

/**
 * The real matrix that the read-out applies (Ohana et al. 2023), from the fields of single mirrors:
 * {@code sqrt(2) Re(conj(A_i) T_ij) / |A_i|} with the anchor's field {@code A_i}, the sum of row i;
 * where the anchor's bias is removed, less its mean over j, {@code sqrt(2) |A_i| / n}. Camera,
 * noise and floor are left out.
 */
final class RealMatrix {
  /** Most entries of the fields that are on the device at a time: 16 MB. */
  private static final long CHUNK = 1 << 22;

  private RealMatrix() {}

  /** Outputs x inputs, row-major, in units in which entries have variance 1; dark pixels are 0. */
  static float[] of(
      Device device, Medium medium, PixelMap pixels, Tensor anchorField, boolean removeAnchorBias) {
    Transmission transmission = medium.parts().getFirst();
    Shape shape = new Shape(transmission.outputs(), transmission.inputs());
    float[] matrix = new float[shape.arrayLength()];
    int inputs = Math.toIntExact(transmission.inputs());
    double[] anchor = read(device, anchorField.rowRange(0, 1));
    double unit = Math.sqrt(2) / medium.scale();
    long longest = Math.max(inputs, 2 * transmission.outputs());
    int chunk = Math.clamp(CHUNK / longest, 1, inputs);
    try (Scope scope = device.openScope("OPU matrix")) {
      Tensor mirrors = scope.allocate("single mirrors", new Shape(chunk, inputs), DType.U8);
      Tensor fields =
          scope.allocate(
              "fields of single mirrors",
              new Shape(chunk, 2 * transmission.outputs()),
              anchorField.dtype());
      for (int first = 0; first < inputs; first += chunk) {
        int count = Math.min(chunk, inputs - first);
        Tensor pattern = mirrors.rowRange(0, count);
        Tensor field = fields.rowRange(0, count);
        byte[] lit = new byte[pattern.shape().arrayLength()];
        for (int i = 0; i < count; i++) {
          lit[i * inputs + first + i] = 1;
        }
        device.write(pattern, lit);
        device.eager().speckleField(field, pattern, transmission, pixels);
        fill(matrix, inputs, first, read(device, field), anchor, unit, removeAnchorBias);
      }
    }
    return matrix;
  }

  /** Writes the columns from {@code first} on; fields are real parts, then imaginary parts. */
  private static void fill(
      float[] matrix,
      int inputs,
      int first,
      double[] fields,
      double[] anchor,
      double unit,
      boolean removeAnchorBias) {
    int outputs = anchor.length / 2;
    int count = fields.length / anchor.length;
    for (int pixel = 0; pixel < outputs; pixel++) {
      double re = anchor[pixel];
      double im = anchor[outputs + pixel];
      double size = Math.hypot(re, im);
      double bias = removeAnchorBias ? size / inputs : 0;
      for (int i = 0; i < count; i++) {
        int at = i * anchor.length + pixel;
        double turned = size == 0 ? 0 : (re * fields[at] + im * fields[at + outputs]) / size;
        matrix[pixel * inputs + first + i] = (float) (unit * (turned - bias));
      }
    }
  }

  private static double[] read(Device device, Tensor field) {
    int n = field.shape().arrayLength();
    if (field.dtype() == DType.S32) {
      int[] values = new int[n];
      device.read(field, values);
      return Arrays.stream(values).asDoubleStream().toArray();
    }
    float[] values = new float[n];
    device.read(field, values);
    double[] widened = new double[n];
    Arrays.setAll(widened, i -> values[i]);
    return widened;
  }
}

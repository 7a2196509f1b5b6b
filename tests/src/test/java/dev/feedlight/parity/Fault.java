package dev.feedlight.parity;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** A way in which a kernel can be wrong. */
@FunctionalInterface
interface Fault {
  /** A fiftieth of the largest magnitude: far below a wrong formula, far above rounding. */
  float NOTICEABLE = 0.02f;

  /** Runs a right kernel wrongly. */
  void run(Operation operation, Runnable kernel, Device device);

  /** Nothing is computed. */
  static Fault skip() {
    return (_, _, _) -> {};
  }

  /** The middle element of one result is off by one bit. */
  static Fault offByOneBit(int result) {
    return (operation, kernel, device) -> {
      kernel.run();
      Tensor element = middle(operation.writes().get(result));
      flip(device, element);
    };
  }

  /** The middle element of one result is off by {@link #NOTICEABLE}. */
  static Fault inaccurate(int result) {
    return (operation, kernel, device) -> {
      kernel.run();
      Tensor tensor = operation.writes().get(result);
      float[] all = new float[(int) tensor.shape().elements()];
      device.read(tensor, all);
      float largest = 0;
      for (float value : all) {
        largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
      }
      Tensor element = middle(tensor);
      float[] value = new float[1];
      device.read(element, value);
      value[0] =
          Float.isFinite(value[0]) ? value[0] + (largest == 0 ? 1 : NOTICEABLE * largest) : 0;
      device.write(element, value);
    };
  }

  /** The element before the first one of a result changes. */
  static Fault writesBefore(int result) {
    return (operation, kernel, device) -> {
      kernel.run();
      Tensor tensor = operation.writes().get(result);
      flip(device, element(tensor, -1));
    };
  }

  /** The element after the last one of a result's first row changes. */
  static Fault writesBehindARow(int result) {
    return (operation, kernel, device) -> {
      kernel.run();
      Tensor tensor = operation.writes().get(result);
      long last = tensor.contiguous() ? tensor.shape().elements() : tensor.columns();
      flip(device, element(tensor, last));
    };
  }

  /** The first element of an operand that is only read changes. */
  static Fault spoils(int operand) {
    return (operation, kernel, device) -> {
      kernel.run();
      flip(device, element(onlyRead(operation).get(operand), 0));
    };
  }

  /** Operands that the operation may not change. */
  static List<Tensor> onlyRead(Operation operation) {
    return operation.reads().stream()
        .filter(tensor -> !operation.writes().contains(tensor))
        .distinct()
        .toList();
  }

  private static Tensor middle(Tensor tensor) {
    long row = tensor.rows() / 2;
    return element(tensor, row * tensor.rowStride() + tensor.columns() / 2);
  }

  private static Tensor element(Tensor tensor, long offset) {
    long bytes = tensor.byteOffset() + offset * tensor.dtype().bytes();
    return new Tensor(tensor.storage(), bytes, new Shape(1, 1), 1, tensor.dtype());
  }

  private static void flip(Device device, Tensor element) {
    switch (element.dtype()) {
      case F32 -> {
        float[] value = new float[1];
        device.read(element, value);
        // One bit of a NaN would give a NaN, which is as good as any other.
        value[0] =
            Float.isNaN(value[0]) ? 0 : Float.intBitsToFloat(Float.floatToRawIntBits(value[0]) ^ 1);
        device.write(element, value);
      }
      case S32 -> {
        int[] value = new int[1];
        device.read(element, value);
        value[0] ^= 1;
        device.write(element, value);
      }
      case S8, U8 -> {
        byte[] value = new byte[1];
        device.read(element, value);
        value[0] ^= 1;
        device.write(element, value);
      }
    }
  }
}

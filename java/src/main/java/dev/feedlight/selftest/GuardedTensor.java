package dev.feedlight.selftest;

import dev.feedlight.device.Device;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/**
 * An operand inside a larger tensor whose bytes outside the operand must not change. The guard
 * holds NaN where it holds floats, so that reading it shows as well.
 *
 * @param name for messages
 * @param outer the larger tensor
 * @param view the operand
 */
record GuardedTensor(String name, Tensor outer, Tensor view) {
  private static final int NOT_A_NUMBER = 0x7FC0BEEF;
  private static final int INTEGER = 0x5A5A5A5A;
  private static final byte BYTE = 0x5A;

  /** Fills guard and operand with the pattern. */
  void writePattern(Device device) {
    int n = Math.toIntExact(outer.shape().elements());
    switch (outer.dtype()) {
      case F32 -> {
        float[] values = new float[n];
        Arrays.fill(values, Float.intBitsToFloat(NOT_A_NUMBER));
        device.write(outer, values);
      }
      case S32 -> {
        int[] values = new int[n];
        Arrays.fill(values, INTEGER);
        device.write(outer, values);
      }
      case S8, U8 -> {
        byte[] values = new byte[n];
        Arrays.fill(values, BYTE);
        device.write(outer, values);
      }
    }
  }

  /** Operand and guard as they are now. */
  int[] snapshot(Device device) {
    return words(device, outer);
  }

  /** The values of a tensor, raw bits for floats. */
  static int[] words(Device device, Tensor tensor) {
    int[] words = new int[Math.toIntExact(tensor.shape().elements())];
    switch (tensor.dtype()) {
      case F32 -> {
        float[] values = new float[words.length];
        device.read(tensor, values);
        Arrays.setAll(words, i -> Float.floatToRawIntBits(values[i]));
      }
      case S32 -> device.read(tensor, words);
      case S8, U8 -> {
        byte[] values = new byte[words.length];
        device.read(tensor, values);
        boolean signed = tensor.dtype() == DType.S8;
        Arrays.setAll(words, i -> signed ? values[i] : Byte.toUnsignedInt(values[i]));
      }
    }
    return words;
  }

  /** Fails if a word changed that may not: outside the view, or anywhere if it is only read. */
  void requireUnchanged(int[] before, int[] after, boolean written) {
    for (int i = 0; i < before.length; i++) {
      boolean inside = isInside(i);
      if (before[i] != after[i] && !(written && inside)) {
        throw new ParityException(
            String.format(
                Locale.ROOT,
                "%s changed %s: element %d of %s, from 0x%08x to 0x%08x",
                name,
                inside ? "though it is only read" : "outside its view",
                i,
                outer.shape(),
                before[i],
                after[i]));
      }
    }
  }

  private boolean isInside(int element) {
    long relative = element - view.byteOffset() / view.dtype().bytes();
    return relative >= 0
        && relative / view.rowStride() < view.rows()
        && relative % view.rowStride() < view.columns();
  }
}

package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getByte;
import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.getInt;
import static dev.feedlight.device.cpu.CpuAddress.setByte;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.Philox;

/** Entries of the transmission matrix, one Philox block at a time. */
final class PlainSpeckle {
  private static final byte[] TABLE = TransmissionBytes.table();
  private static final int ENTRIES = TransmissionBytes.ENTRIES_PER_BLOCK;

  private PlainSpeckle() {}

  /** Columns [firstColumn, firstColumn + columns) of one row, and no byte more. */
  static void row(long real, long imaginary, long row, long firstColumn, long columns, long key) {
    int[] words = new int[PlainRandom.WORDS];
    for (long done = 0; done < columns; done += ENTRIES) {
      Philox.block(key, (int) ((firstColumn + done) / ENTRIES), (int) row, 0, 0, words);
      long n = Math.min(ENTRIES, columns - done);
      for (int j = 0; j < n; j++) {
        setByte(real, done + j, entry(words[j / 4], j));
        setByte(imaginary, done + j, entry(words[2 + j / 4], j));
      }
    }
  }

  private static byte entry(int word, int column) {
    return TABLE[(word >>> (8 * (column % 4))) & 0xFF];
  }

  /** One row of normal deviates, see OpticalOperation.GaussianGenerate. */
  static void gaussianRow(long real, long imaginary, int row, long columns, long key) {
    int[] words = new int[PlainRandom.WORDS];
    for (long column = 0; column < columns; column++) {
      if (column % 2 == 0) {
        Philox.block(key, (int) (column / 2), row, 1, 0, words);
      }
      int first = column % 2 == 0 ? 0 : 2;
      double u = (Integer.toUnsignedLong(words[first]) + 1) * 0x1p-32;
      double v = Integer.toUnsignedLong(words[first + 1]) * 0x1p-32;
      double modulus = Math.sqrt(-Math.log(u));
      setFloat(real, column, (float) (modulus * Math.cos(2 * Math.PI * v)));
      setFloat(imaginary, column, (float) (modulus * Math.sin(2 * Math.PI * v)));
    }
  }

  static int sumOfBytes(long bytes, long n) {
    int sum = 0;
    for (long i = 0; i < n; i++) {
      sum += getByte(bytes, i);
    }
    return sum;
  }

  static void mix(long target, long start, long end, long n, long weights, boolean integers) {
    float first = getFloat(weights, 0);
    float second = getFloat(weights, 1);
    for (long i = 0; i < n; i++) {
      float a = integers ? getInt(start, i) : getFloat(start, i);
      float b = integers ? getInt(end, i) : getFloat(end, i);
      setFloat(target, i, first * a + second * b);
    }
  }
}

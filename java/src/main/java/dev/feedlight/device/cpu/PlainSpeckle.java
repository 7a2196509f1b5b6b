package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.setByte;

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
}

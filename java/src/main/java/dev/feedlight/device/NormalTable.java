package dev.feedlight.device;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Normal deviates by table, so that noise is the same bits on every device: the top 12 bits of a
 * random word index 4096 quantiles of the normal law, scaled to unit variance, as integers in units
 * of 2^-13 (ours; made by tables.py). The largest is 3.67 standard deviations.
 */
public final class NormalTable {
  /** Entries. */
  public static final int SIZE = 4096;

  /** Right shift that turns a 32-bit random word into an index. */
  public static final int INDEX_SHIFT = 20;

  private static final float UNIT = 0x1p-13f;

  private NormalTable() {}

  /**
   * The table.
   *
   * @return a fresh array of {@link #SIZE} deviates, ascending
   */
  public static float[] values() {
    float[] values = new float[SIZE];
    try (InputStream in = NormalTable.class.getResourceAsStream("normal-table.bin");
        DataInputStream data = new DataInputStream(in)) {
      for (int i = 0; i < SIZE; i++) {
        values[i] = data.readShort() * UNIT;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("normal-table.bin is missing from the jar or damaged", e);
    }
    return values;
  }
}

package dev.feedlight.device;

/**
 * The frozen definition of the transmission matrix T of the scattering medium: entry = (u + iv) /
 * {@link #SCALE} with signed bytes u and v.
 *
 * <p>One Philox4x32-10 block with counter (column / 8, row, 0, 0) holds eight consecutive entries
 * of a row: the eight bytes of words 0 and 1, least significant first, index the table for u of
 * columns 0..7; those of words 2 and 3 for v. Asking for more rows or columns never changes the
 * entries there were. Because u and v are integers, so is the field T x of a pattern of mirrors:
 * exact, and the same bits on every device and for every tiling.
 *
 * <p>The table is the inverse normal law at the quantiles (i + 1/2) / 256, rounded, with 127 at the
 * outermost (ours; made by tables.py). One entry deviates from the normal law by a
 * Kolmogorov-Smirnov distance of 0.0067 and an excess kurtosis of -0.08; sums over 16 and more
 * cannot be told from it.
 */
public final class TransmissionBytes {
  /**
   * Divides u and v so that Re and Im are N(0, 1/2): sqrt(2) times the table's standard deviation
   * of 43.942.
   */
  public static final double SCALE = 62.14348316597646;

  /** Largest number of rows: the row is one 32-bit counter word. */
  public static final long MAX_OUTPUTS = Integer.MAX_VALUE;

  /** Largest number of columns for which 127 times it still fits the int32 field. */
  public static final long MAX_INPUTS = Integer.MAX_VALUE / 127;

  /** Entries that one Philox block makes. */
  public static final int ENTRIES_PER_BLOCK = 8;

  // The upper half is the mirror image: entry(255 - i) = -entry(i).
  private static final byte[] LOWER_HALF = {
    -127, -111, -103, -97, -93, -89, -86, -83, -81, -79, -77, -75, -73, -71, -70, -68, -67, -65,
    -64, -63, -62, -61, -60, -59, -57, -57, -56, -55, -54, -53, -52, -51, -50, -49, -49, -48, -47,
    -46, -46, -45, -44, -43, -43, -42, -41, -41, -40, -39, -39, -38, -37, -37, -36, -36, -35, -34,
    -34, -33, -33, -32, -32, -31, -31, -30, -29, -29, -28, -28, -27, -27, -26, -26, -25, -25, -24,
    -24, -23, -23, -22, -22, -21, -21, -20, -20, -19, -19, -18, -18, -17, -17, -17, -16, -16, -15,
    -15, -14, -14, -13, -13, -12, -12, -12, -11, -11, -10, -10, -9, -9, -8, -8, -8, -7, -7, -6, -6,
    -5, -5, -5, -4, -4, -3, -3, -2, -2, -2, -1, -1, 0
  };

  private TransmissionBytes() {}

  /**
   * The table.
   *
   * @return a fresh copy of its 256 signed bytes
   */
  public static byte[] table() {
    byte[] table = new byte[256];
    for (int i = 0; i < LOWER_HALF.length; i++) {
      table[i] = LOWER_HALF[i];
      table[255 - i] = (byte) -LOWER_HALF[i];
    }
    return table;
  }
}

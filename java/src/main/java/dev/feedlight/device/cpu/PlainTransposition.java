package dev.feedlight.device.cpu;

/**
 * Copies a matrix of floats with rows and columns exchanged, in blocks that stay in the first-level
 * cache.
 */
final class PlainTransposition {
  /** A cache line of floats. */
  private static final long LINE = 16;

  /** Lines that a set of a first-level cache surely holds when strides are powers of two (ours). */
  private static final long LINES = 8;

  private PlainTransposition() {}

  /** See {@link Loops#transpose}. */
  static void transpose(
      long target,
      long targetStride,
      long source,
      long sourceStride,
      long rows,
      long columns,
      long bias) {
    for (long row = 0; row < rows; row += LINE) {
      int length = (int) Math.min(LINE, rows - row);
      for (long column = 0; column < columns; column += LINES) {
        block(
            target + 4 * (column * targetStride + row),
            targetStride,
            source + 4 * (row * sourceStride + column),
            sourceStride,
            (int) Math.min(LINES, columns - column),
            length,
            bias == 0 ? 0 : bias + 4 * row);
      }
    }
  }

  /** A block of few columns, each of which becomes a line. */
  private static void block(
      long target,
      long targetStride,
      long source,
      long sourceStride,
      int lines,
      int length,
      long bias) {
    for (int i = 0; i < lines; i++) {
      long to = target + 4L * i * targetStride;
      long from = source + 4L * i;
      for (int j = 0; j < length; j++) {
        float value = CpuAddress.getFloat(from);
        CpuAddress.setFloat(
            to + 4L * j, bias == 0 ? value : value + CpuAddress.getFloat(bias + 4L * j));
        from += 4 * sourceStride;
      }
    }
  }
}

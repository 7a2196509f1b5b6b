package dev.feedlight.device.cpu;

/**
 * Copies matrices of floats with rows and columns exchanged, in blocks that stay in the first-level
 * cache. Scalar: a float takes about one cycle, and products take hundreds for each.
 */
final class Transposition {
  /** A cache line of floats. */
  private static final long LINE = 16;

  /** Lines that a set of a first-level cache surely holds when strides are powers of two (ours). */
  private static final long LINES = 8;

  private Transposition() {}

  /**
   * {@code target[column][row] = source[row][column]} for a range of columns.
   *
   * @param leadingTarget floats from one stored row to the next; likewise leadingSource
   */
  static void columns(
      long target,
      long leadingTarget,
      long source,
      long leadingSource,
      long rows,
      long firstColumn,
      long endColumn) {
    for (long column = firstColumn; column < endColumn; column += LINE) {
      long end = Math.min(column + LINE, endColumn);
      for (long row = 0; row < rows; row += LINES) {
        block(
            target + 4 * (column * leadingTarget + row),
            leadingTarget,
            source + 4 * (row * leadingSource + column),
            leadingSource,
            (int) (end - column),
            (int) Math.min(LINES, rows - row));
      }
    }
  }

  private static void block(
      long target, long leadingTarget, long source, long leadingSource, int lines, int length) {
    for (int i = 0; i < lines; i++) {
      long to = target + 4L * i * leadingTarget;
      long from = source + 4L * i;
      for (int j = 0; j < length; j++) {
        CpuAddress.setFloat(to + 4L * j, CpuAddress.getFloat(from));
        from += 4 * leadingSource;
      }
    }
  }

  /**
   * {@code target[column][row] = source[row][column] + bias[row]} for all of a matrix.
   *
   * @param bias address of a float per row of the source; 0 for none
   */
  static void addingBias(
      long target,
      long leadingTarget,
      long source,
      long leadingSource,
      long rows,
      long columns,
      long bias) {
    for (long row = 0; row < rows; row += LINE) {
      int count = (int) Math.min(LINE, rows - row);
      for (long column = 0; column < columns; column++) {
        line(
            target + 4 * (column * leadingTarget + row),
            source + 4 * (row * leadingSource + column),
            leadingSource,
            count,
            bias == 0 ? 0 : bias + 4 * row);
      }
    }
  }

  private static void line(long target, long source, long leadingSource, int count, long bias) {
    long from = source;
    if (bias == 0) {
      for (int i = 0; i < count; i++) {
        CpuAddress.setFloat(target + 4L * i, CpuAddress.getFloat(from));
        from += 4 * leadingSource;
      }
    } else {
      for (int i = 0; i < count; i++) {
        CpuAddress.setFloat(
            target + 4L * i, CpuAddress.getFloat(from) + CpuAddress.getFloat(bias + 4L * i));
        from += 4 * leadingSource;
      }
    }
  }
}

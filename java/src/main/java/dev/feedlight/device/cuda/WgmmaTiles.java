package dev.feedlight.device.cuda;

/**
 * Launches of kernels that make products by wgmma: tiles of 128 rows and 64, 96 or 128 columns, of
 * 288 threads each (kernels/include/tile_wgmma.cuh).
 */
final class WgmmaTiles {
  /** Rows of a tile, and columns of the widest. */
  static final int TILE = 128;

  /** Columns of a tile, the widest first. */
  private static final int[] WIDTHS = {TILE, 96, 64};

  private static final Extent THREADS = Extent.of(288);

  private static final int STAGES = 3;

  /** Rows of a box of an operand whose memory runs along the depth of the product. */
  static final int ROWS_ALONG_DEPTH = 128;

  /** Rows of a box of an operand whose memory runs along the places. */
  static final int ROWS_ALONG_PLACES = 64;

  private WgmmaTiles() {}

  /** Shared memory of stages of two slices of 16 KB, with barriers and room to align. */
  static int sharedBytes(int stages) {
    return 1024 + stages * 2 * (16 << 10) + (2 * stages + 1) * Long.BYTES;
  }

  /** How many tiles a matrix has. */
  static long count(long rows, long columns) {
    return Math.multiplyExact(Extent.blocks(rows, TILE), Extent.blocks(columns, TILE));
  }

  /** A block for each tile of a matrix. */
  static Launch over(String module, String function, long rows, long columns) {
    return over(module, function, rows, columns, TILE);
  }

  /** The same with narrower tiles. */
  static Launch over(String module, String function, long rows, long columns, int width) {
    return new Launch(
        module,
        width == TILE ? function : function + "_" + width,
        Extent.of(Extent.blocks(columns, width), Extent.blocks(rows, TILE)),
        THREADS,
        sharedBytes(STAGES));
  }

  /**
   * The width of tiles with which the busiest multiprocessor has the fewest columns to make; the
   * widest of those that do not differ.
   *
   * @param rows of the product
   * @param columns of it
   * @param multiprocessors of the GPU
   */
  static int width(long rows, long columns, int multiprocessors) {
    int best = TILE;
    long least = Long.MAX_VALUE;
    for (int width : WIDTHS) {
      long tiles = Math.multiplyExact(Extent.blocks(rows, TILE), Extent.blocks(columns, width));
      long busiest = Math.ceilDiv(tiles, multiprocessors) * width;
      if (busiest < least) {
        best = width;
        least = busiest;
      }
    }
    return best;
  }

  /** The same for tiles in a row, of any number of matrices. */
  static Launch over(String module, String function, long tiles) {
    return new Launch(module, function, Extent.of(tiles), THREADS, sharedBytes(STAGES));
  }
}

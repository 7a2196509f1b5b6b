package dev.feedlight.device.cuda;

/**
 * Launches of kernels that make products by wgmma: tiles of 128 x 128 sums, of 288 threads each
 * (kernels/include/tile_wgmma.cuh).
 */
final class WgmmaTiles {
  private static final long TILE = 128;
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
    return new Launch(
        module,
        function,
        Extent.of(Extent.blocks(columns, TILE), Extent.blocks(rows, TILE)),
        THREADS,
        sharedBytes(STAGES));
  }

  /** The same for tiles in a row, of any number of matrices. */
  static Launch over(String module, String function, long tiles) {
    return new Launch(module, function, Extent.of(tiles), THREADS, sharedBytes(STAGES));
  }
}

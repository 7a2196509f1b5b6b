package dev.feedlight.device.cuda;

import dev.feedlight.device.Precision;

/**
 * Launches of kernels that make products tile by tile: which file and name a precision has. Tiles
 * are 64 x 64 sums of 128 threads in all of them (kernels/include/tile.cuh).
 *
 * @param precision what operands are rounded to
 */
record ProductTiles(Precision precision) {
  private static final long TILE = 64;

  private static final Extent THREADS = Extent.of(128);

  /** The least major number of an architecture with these tensor cores and asynchronous copies. */
  private static final int TENSOR_MAJOR = 8;

  /**
   * Makes sure that a GPU has products of the precision.
   *
   * @param major first number of its architecture
   * @param architecture for example {@code sm_75}
   * @throws CudaException if not; there is no fallback
   */
  void require(int major, String architecture) {
    if (precision != Precision.FP32 && major < TENSOR_MAJOR) {
      throw new CudaException(
          precision.label()
              + " products need the tensor cores of sm_80 or later, this GPU is "
              + architecture,
          "take fp32");
    }
  }

  /** How many tiles a matrix has. */
  static long count(long rows, long columns) {
    return Math.multiplyExact(Extent.blocks(rows, TILE), Extent.blocks(columns, TILE));
  }

  /**
   * A block for each tile of a matrix.
   *
   * @param concern of the .cu file: {@code linear} or {@code update}
   * @param function name of the fp32 kernel
   */
  Launch over(String concern, String function, long rows, long columns) {
    return launch(
        concern, function, Extent.of(Extent.blocks(columns, TILE), Extent.blocks(rows, TILE)));
  }

  /** The same for tiles in a row, of any number of matrices. */
  Launch over(String concern, String function, long tiles) {
    return launch(concern, function, Extent.of(tiles));
  }

  private Launch launch(String concern, String function, Extent grid) {
    return switch (precision) {
      case FP32 -> new Launch(concern, function, grid, THREADS);
      case TF32, BF16 ->
          new Launch(concern + "_tensor", function + "_" + precision.label(), grid, THREADS);
    };
  }
}

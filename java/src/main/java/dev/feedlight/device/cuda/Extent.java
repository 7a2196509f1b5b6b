package dev.feedlight.device.cuda;

/**
 * Extent of a grid in blocks, or of a block in threads.
 *
 * @param x fastest, at least 1
 * @param y at least 1
 * @param z slowest, at least 1
 */
record Extent(int x, int y, int z) {
  /** Limits of every architecture from Volta on. */
  private static final int MOST_Y = 65_535;

  /** Checks that the extents are positive. */
  Extent {
    if (x < 1 || y < 1 || z < 1) {
      throw new IllegalArgumentException("an extent of " + x + " x " + y + " x " + z);
    }
  }

  /** So many in a row. */
  static Extent of(long x) {
    return of(x, 1);
  }

  /** So many in a plane. */
  static Extent of(long x, long y) {
    return of(x, y, 1);
  }

  /** So many in a box. */
  static Extent of(long x, long y, long z) {
    if (x > Integer.MAX_VALUE || y > MOST_Y || z > MOST_Y) {
      throw new CudaException(
          "a grid of "
              + x
              + " x "
              + y
              + " x "
              + z
              + " blocks is larger than CUDA's "
              + Integer.MAX_VALUE
              + " x "
              + MOST_Y
              + " x "
              + MOST_Y,
          "use smaller batches or layers");
    }
    return new Extent((int) x, (int) y, (int) z);
  }

  /** Blocks of {@code size} that cover {@code n} elements, at least 1. */
  static long blocks(long n, long size) {
    return Math.max(1, Math.ceilDiv(n, size));
  }

  @Override
  public String toString() {
    return x + " x " + y + " x " + z;
  }
}

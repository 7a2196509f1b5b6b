package dev.feedlight.device.cpu;

/**
 * What follows a part of a product on the thread that made it, while it is in that core's cache.
 */
@FunctionalInterface
interface PartEpilogue {
  /** Does nothing. */
  PartEpilogue NONE = (firstRow, endRow, firstColumn, endColumn) -> {};

  /** Handles rows firstRow .. endRow - 1 and columns firstColumn .. endColumn - 1 of the result. */
  void apply(long firstRow, long endRow, long firstColumn, long endColumn);

  /** That one first, then this one. */
  default PartEpilogue after(PartEpilogue first) {
    return (firstRow, endRow, firstColumn, endColumn) -> {
      first.apply(firstRow, endRow, firstColumn, endColumn);
      apply(firstRow, endRow, firstColumn, endColumn);
    };
  }
}

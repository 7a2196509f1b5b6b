package dev.feedlight.device.cuda;

/**
 * A matrix of bf16 in device memory as bulk copies want it: rows begin at multiples of 16 bytes.
 *
 * @param address aligned to 16 bytes
 * @param rows at least 1
 * @param columns at least 1
 */
record Bf16Matrix(long address, long rows, long columns) {
  static final int ELEMENT_BYTES = 2;
  private static final long EIGHT = 8;

  /** Where it lies does not matter to its size. */
  static long bytes(long rows, long columns) {
    return Math.multiplyExact(rows, stride(columns) * ELEMENT_BYTES);
  }

  private static long stride(long columns) {
    return Math.ceilDiv(columns, EIGHT) * EIGHT;
  }

  /** Elements from row to row. */
  long stride() {
    return stride(columns);
  }
}

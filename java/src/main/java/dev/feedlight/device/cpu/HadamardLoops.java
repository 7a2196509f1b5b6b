package dev.feedlight.device.cpu;

import dev.feedlight.device.StructuredTransmission.Plane;

/**
 * The steps of {@link dev.feedlight.device.StructuredTransmission} on raw addresses of floats,
 * single-threaded. Both implementations give the same bits. Bits of a plane lie in memory in the
 * order of their elements, least significant first; numbers of elements are multiples of {@link
 * dev.feedlight.device.StructuredTransmission#BITS_PER_BLOCK} except where a method says otherwise.
 */
interface HadamardLoops {
  /** Writes the bits of elements [first, first + n), n / 8 bytes. */
  void bits(long bits, Plane plane, long first, long n, long key);

  /**
   * E and D1: {@code n} floats from {@code lit} <= n bytes of a pattern, any number, and zeros
   * behind them.
   */
  void light(long x, long n, long pattern, long lit, Mirrors mirrors, long signs);

  /** D2, in place. */
  void flip(long x, long n, long signs);

  /** D3 after multiplication by {@code scale}: {@code real} holds v and keeps the real part. */
  void turn(long real, long imaginary, long n, long turns, long signs, float scale);

  /** The stages of strides 1, 2, 4 ... n / 2, in place; n is a power of two. */
  void rows(long x, long n);

  /**
   * The stages of strides row, 2 row, ... n / 2 for columns [first, first + columns) of a matrix of
   * n / row rows, in place; n and row are powers of two, first and columns multiples of {@link
   * #COLUMNS}.
   */
  void columns(long x, long n, long row, long first, long columns);

  /**
   * Columns at a time: the 4 KB of a row are one page, and the tile of 64 rows of a transform of
   * 2^20 stays in the second-level cache (measured: 130 us for all columns, 270 us with 64 at a
   * time).
   */
  int COLUMNS = 1024;
}

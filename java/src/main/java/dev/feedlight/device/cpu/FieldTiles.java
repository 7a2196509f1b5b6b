package dev.feedlight.device.cpu;

import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Optical fields, a tile of pixels at a time: real and imaginary parts of T x for all patterns of a
 * batch, as exact int32. Procedural entries are made in the thread's scratch, a block of columns at
 * a time, and used while they are in its cache.
 */
final class FieldTiles {
  /** Pixels per tile; a multiple of what product kernels and camera loops take at once. */
  private static final long PIXELS = 64;

  /**
   * Columns per block of procedural entries: 2 x 64 x 4096 bytes stay in the second-level cache.
   */
  private static final long BLOCK = 4096;

  private final CpuContext context;
  private final Transmission transmission;
  private final long patterns;
  private final long patternStride;
  private final long blockStride;
  private final Products full;
  private final Products last;

  FieldTiles(CpuContext context, Transmission transmission, long patterns, long patternStride) {
    this.context = context;
    this.transmission = transmission;
    this.patterns = patterns;
    this.patternStride = patternStride;
    this.blockStride = Math.ceilDiv(Math.min(BLOCK, transmission.inputs()), 64) * 64;
    long outputs = transmission.outputs();
    this.full = outputs < PIXELS ? null : new Products(PIXELS);
    this.last = outputs % PIXELS == 0 ? null : new Products(outputs % PIXELS);
  }

  /** Products for one height of tile: a whole block of columns, and the rest. */
  private final class Products {
    private final Matmul block;
    private final Matmul rest;

    Products(long pixels) {
      long inputs = transmission.inputs();
      switch (transmission) {
        case Transmission.Stored(Tensor entries) -> {
          this.block = null;
          this.rest = product(pixels, inputs, entries.rowStride());
        }
        case Transmission.Procedural _ -> {
          this.block = inputs < BLOCK ? null : product(pixels, BLOCK, blockStride);
          this.rest = inputs % BLOCK == 0 ? null : product(pixels, inputs % BLOCK, blockStride);
        }
      }
    }

    private Matmul product(long pixels, long columns, long entriesStride) {
      return context.product(
          new MatmulShape(
              MatmulTypes.U8S8S32,
              patterns,
              pixels,
              columns,
              false,
              true,
              patternStride,
              entriesStride,
              PIXELS,
              false,
              MatmulEpilogue.NONE));
    }
  }

  /** One tile of pixels. */
  @FunctionalInterface
  interface Tile {
    void run(int thread, long firstPixel, long pixels);
  }

  /** Runs tiles on every thread. */
  Runnable overPixels(Tile tile) {
    long outputs = transmission.outputs();
    return context.overRange(
        outputs,
        PIXELS,
        patterns * transmission.inputs() * outputs,
        (thread, begin, end) -> {
          for (long pixel = begin; pixel < end; pixel += PIXELS) {
            tile.run(thread, pixel, Math.min(PIXELS, end - pixel));
          }
        });
  }

  // Scratch: fields (real, imaginary) | partial fields | procedural entries (real, imaginary).
  private long fieldBytes() {
    return 4 * patterns * PIXELS;
  }

  long scratchBytes() {
    return 4 * fieldBytes() + 2 * PIXELS * blockStride;
  }

  /**
   * Computes a tile of fields.
   *
   * @return address of the fields; see {@link #row}
   */
  long compute(int thread, long pattern, long firstPixel, long pixels) {
    long fields = context.scratch(thread);
    Products products = pixels == PIXELS ? full : last;
    switch (transmission) {
      case Transmission.Stored(Tensor entries) -> {
        long real = LinearKernels.address(entries, firstPixel, 0);
        long imaginary = LinearKernels.address(entries, transmission.outputs() + firstPixel, 0);
        products.rest.run(thread, pattern, real, 0, fields);
        products.rest.run(thread, pattern, imaginary, 0, fields + fieldBytes());
      }
      case Transmission.Procedural procedural ->
          procedural(thread, procedural, products, pattern, firstPixel, pixels, fields);
    }
    return fields;
  }

  private void procedural(
      int thread,
      Transmission.Procedural definition,
      Products products,
      long pattern,
      long firstPixel,
      long pixels,
      long fields) {
    long partial = fields + 2 * fieldBytes();
    long real = fields + 4 * fieldBytes();
    long imaginary = real + PIXELS * blockStride;
    for (long column = 0; column < definition.inputs(); column += BLOCK) {
      long columns = Math.min(BLOCK, definition.inputs() - column);
      context
          .loops()
          .speckle(
              real, imaginary, blockStride, firstPixel, pixels, column, columns, definition.key());
      Matmul product = columns == BLOCK ? products.block : products.rest;
      long target = column == 0 ? fields : partial;
      product.run(thread, pattern + column, real, 0, target);
      product.run(thread, pattern + column, imaginary, 0, target + fieldBytes());
      if (column > 0) {
        addPartial(fields, partial);
      }
    }
  }

  /** Blocks are added here because a product's own accumulation may go through fp32. */
  private void addPartial(long fields, long partial) {
    long n = fieldBytes() / 2;
    for (long i = 0; i < n; i++) {
      long at = fields + 4 * i;
      CpuAddress.setInt(at, CpuAddress.getInt(at) + CpuAddress.getInt(partial + 4 * i));
    }
  }

  /** Address of one pattern's field in a tile. */
  long row(long fields, long pattern, boolean imaginary) {
    return fields + (imaginary ? fieldBytes() : 0) + 4 * pattern * PIXELS;
  }

  /** Takes one pattern's field from another's. */
  void subtract(long fields, long from, long what) {
    for (int part = 0; part < 2; part++) {
      long target = row(fields, from, part == 1);
      long source = row(fields, what, part == 1);
      for (long i = 0; i < 4 * PIXELS; i += 4) {
        CpuAddress.setInt(
            target + i, CpuAddress.getInt(target + i) - CpuAddress.getInt(source + i));
      }
    }
  }

  void copyRow(long fields, long pattern, long pixels, long target, boolean imaginary) {
    MemorySegment.copy(
        CpuAddress.ALL, row(fields, pattern, imaginary), CpuAddress.ALL, target, 4 * pixels);
  }
}

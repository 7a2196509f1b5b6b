package dev.feedlight.device.cpu;

import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.Tensor;

/**
 * Exact fields of a matrix of signed bytes. Procedural entries are made in the thread's scratch, a
 * block of columns at a time, and used while they are in its cache.
 */
final class ByteFieldTiles extends FieldTiles {
  /**
   * Columns per block of procedural entries: 2 x 64 x 4096 bytes stay in the second-level cache.
   */
  private static final long BLOCK = 4096;

  private final PixelMap map;
  private final long patternStride;
  private final long blockStride;
  private final Products full;
  private final Products last;

  ByteFieldTiles(
      CpuContext context,
      Transmission transmission,
      PixelMap map,
      long patterns,
      long patternStride) {
    super(context, transmission, patterns);
    this.map = map;
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
      long inputs = transmission().inputs();
      if (transmission() instanceof Transmission.Stored(Tensor entries)) {
        this.block = null;
        this.rest = product(pixels, inputs, entries.rowStride());
      } else {
        this.block = inputs < BLOCK ? null : product(pixels, BLOCK, blockStride);
        this.rest = inputs % BLOCK == 0 ? null : product(pixels, inputs % BLOCK, blockStride);
      }
    }

    private Matmul product(long pixels, long columns, long entriesStride) {
      return context()
          .product(
              new MatmulShape(
                  MatmulTypes.U8S8S32,
                  pixels == 1 ? 1 : patterns(),
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

  // Scratch: fields (real, imaginary) | partial fields | procedural entries (real, imaginary).
  @Override
  long scratchBytes() {
    return 4 * partBytes() + 2 * PIXELS * blockStride;
  }

  @Override
  void compute(int thread, long fields, long pattern, long firstPixel, long pixels) {
    Products products = pixels == PIXELS ? full : last;
    switch (transmission()) {
      case Transmission.Stored(Tensor entries) -> {
        long real = LinearKernels.address(entries, firstPixel, 0);
        long imaginary = LinearKernels.address(entries, transmission().outputs() + firstPixel, 0);
        multiply(products.rest, thread, pattern, real, pixels, fields);
        multiply(products.rest, thread, pattern, imaginary, pixels, fields + partBytes());
      }
      case Transmission.Procedural procedural ->
          procedural(thread, procedural, products, pattern, firstPixel, pixels, fields);
      case Transmission.Structured _, Transmission.Drifting _ ->
          throw new IllegalStateException(transmission() + " is not made of bytes");
    }
  }

  /**
   * A single pixel is multiplied pattern by pattern: without VNNI, oneDNN ignores the distance of
   * the rows of a result that has one column.
   */
  private void multiply(
      Matmul product, int thread, long pattern, long entries, long pixels, long target) {
    if (pixels > 1) {
      product.run(thread, pattern, entries, 0, target);
      return;
    }
    for (long row = 0; row < patterns(); row++) {
      long at = target + Integer.BYTES * row * PIXELS;
      product.run(thread, pattern + row * patternStride, entries, 0, at);
    }
  }

  private void procedural(
      int thread,
      Transmission.Procedural definition,
      Products products,
      long pattern,
      long firstPixel,
      long pixels,
      long fields) {
    long partial = fields + 2 * partBytes();
    long real = fields + 4 * partBytes();
    long imaginary = real + PIXELS * blockStride;
    for (long column = 0; column < definition.inputs(); column += BLOCK) {
      long columns = Math.min(BLOCK, definition.inputs() - column);
      generate(real, imaginary, firstPixel, pixels, column, columns, definition.key());
      Matmul product = columns == BLOCK ? products.block : products.rest;
      long target = column == 0 ? fields : partial;
      multiply(product, thread, pattern + column, real, pixels, target);
      multiply(product, thread, pattern + column, imaginary, pixels, target + partBytes());
      if (column > 0) {
        addPartial(fields, partial);
      }
    }
  }

  private void generate(
      long real,
      long imaginary,
      long firstPixel,
      long pixels,
      long column,
      long columns,
      long key) {
    Loops loops = context().loops();
    if (map.numbers() == null) {
      loops.speckle(real, imaginary, blockStride, firstPixel, pixels, column, columns, key);
      return;
    }
    long numbers = map.numbers().address();
    for (long i = 0; i < pixels; i++) {
      long row = CpuAddress.getInt(numbers, firstPixel + i);
      long offset = i * blockStride;
      loops.speckle(real + offset, imaginary + offset, blockStride, row, 1, column, columns, key);
    }
  }

  /** Blocks are added here because a product's own accumulation may go through fp32. */
  private void addPartial(long fields, long partial) {
    long n = partBytes() / 2;
    for (long i = 0; i < n; i++) {
      CpuAddress.setInt(fields, i, CpuAddress.getInt(fields, i) + CpuAddress.getInt(partial, i));
    }
  }
}

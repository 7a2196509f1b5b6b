package dev.feedlight.device.cpu;

import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.Tensor;

/** Fields of a matrix of floats in memory, by fp32 products of patterns of 0 and 1. */
final class FloatFieldTiles extends FieldTiles {
  private final Tensor entries;
  private final long patternStride;
  private final Matmul full;
  private final Matmul last;

  FloatFieldTiles(
      CpuContext context,
      Transmission transmission,
      Tensor entries,
      long patterns,
      long patternStride) {
    super(context, transmission, patterns);
    this.entries = entries;
    this.patternStride = patternStride;
    long outputs = transmission.outputs();
    this.full = outputs < PIXELS ? null : product(PIXELS);
    this.last = outputs % PIXELS == 0 ? null : product(outputs % PIXELS);
  }

  private Matmul product(long pixels) {
    return context()
        .product(
            new MatmulShape(
                MatmulTypes.F32,
                patterns(),
                pixels,
                entries.columns(),
                false,
                true,
                patternStride,
                entries.rowStride(),
                PIXELS,
                false,
                MatmulEpilogue.NONE));
  }

  @Override
  long scratchBytes() {
    return 2 * partBytes();
  }

  @Override
  void compute(int thread, long fields, long pattern, long firstPixel, long pixels) {
    Matmul product = pixels == PIXELS ? full : last;
    long outputs = transmission().outputs();
    product.run(thread, pattern, LinearKernels.address(entries, firstPixel, 0), 0, fields);
    product.run(
        thread,
        pattern,
        LinearKernels.address(entries, outputs + firstPixel, 0),
        0,
        fields + partBytes());
  }
}

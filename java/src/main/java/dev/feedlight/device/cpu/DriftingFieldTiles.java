package dev.feedlight.device.cpu;

import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;

/** Fields of a medium on its way from one matrix to another. */
final class DriftingFieldTiles extends FieldTiles {
  private final FieldTiles start;
  private final FieldTiles end;
  private final long weights;
  private final boolean integers;

  DriftingFieldTiles(
      CpuContext context,
      Transmission.Drifting drifting,
      PixelMap map,
      long patterns,
      long patternStride) {
    super(context, drifting, patterns);
    this.start = FieldTiles.of(context, drifting.start(), map, patterns, patternStride);
    this.end = FieldTiles.of(context, drifting.end(), map, patterns, patternStride);
    this.weights = drifting.weights().address();
    this.integers = start.fieldType() == DType.S32;
  }

  // Scratch: fields | anchor (real, imaginary) | scratch of the start | scratch of the end.
  private long anchorOffset() {
    return 2 * partBytes();
  }

  private long startOffset() {
    return anchorOffset() + 2 * Float.BYTES * PIXELS;
  }

  private long endOffset() {
    return startOffset() + start.scratchBytes();
  }

  @Override
  long scratchBytes() {
    return endOffset() + end.scratchBytes();
  }

  @Override
  void compute(int thread, long fields, long pattern, long firstPixel, long pixels) {
    long first = fields + startOffset();
    long second = fields + endOffset();
    start.compute(thread, first, pattern, firstPixel, pixels);
    end.compute(thread, second, pattern, firstPixel, pixels);
    long values = 2 * partBytes() / Float.BYTES;
    context().loops().mix(fields, first, second, values, weights, integers);
  }

  @Override
  long anchor(long fields, Tensor anchorField, long firstPixel, long pixels) {
    long outputs = transmission().outputs();
    long target = fields + anchorOffset();
    for (int part = 0; part < 2; part++) {
      context()
          .loops()
          .mix(
              target + part * anchorGap(),
              LinearKernels.address(anchorField, 0, part * outputs + firstPixel),
              LinearKernels.address(anchorField, 1, part * outputs + firstPixel),
              pixels,
              weights,
              integers);
    }
    return target;
  }

  @Override
  long anchorGap() {
    return Float.BYTES * PIXELS;
  }
}

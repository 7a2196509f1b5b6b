package dev.feedlight.device.cpu;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;

/** The optics: ternarizer, fields as exact integer products, camera and read-out. */
final class OpticsKernels {
  private final CpuContext context;
  private final Loops loops;
  private final StructuredKernels structured;

  OpticsKernels(CpuContext context) {
    this.context = context;
    this.structured = new StructuredKernels(context);
    this.loops = context.loops();
  }

  Runnable ternarize(OpticalOperation.Ternarize op) {
    Tensor error = op.error();
    long control = op.control().words().address();
    return context.overRange(
        error.rows(),
        1,
        error.shape().elements(),
        (_, begin, end) -> {
          long projection = CpuAddress.getLong(control + StepControl.PROJECTION);
          for (long row = begin; row < end; row++) {
            loops.ternarize(
                op.rule(),
                LinearKernels.address(op.ternary(), row, 0),
                LinearKernels.address(op.counts(), row, 0),
                LinearKernels.address(error, row, 0),
                error.columns(),
                error.rows(),
                op.key(),
                projection + row);
          }
        });
  }

  /** Makes row i of a stored matrix, which is that of the pixel with the number given. */
  private interface RowMaker {
    void make(int thread, long real, long imaginary, int pixel);
  }

  private Runnable rows(Tensor entries, PixelMap pixels, long work, RowMaker maker) {
    long outputs = entries.rows() / 2;
    long numbers = pixels.numbers() == null ? 0 : pixels.numbers().address();
    return context.overRange(
        outputs,
        1,
        work,
        (thread, begin, end) -> {
          for (long row = begin; row < end; row++) {
            maker.make(
                thread,
                LinearKernels.address(entries, row, 0),
                LinearKernels.address(entries, outputs + row, 0),
                numbers == 0 ? (int) row : CpuAddress.getInt(numbers, row));
          }
        });
  }

  Runnable generate(OpticalOperation.SpeckleGenerate op) {
    long columns = op.entries().columns();
    // Row by row: the loop may fill the room up to the stride, which is not ours here.
    return rows(
        op.entries(),
        op.pixels(),
        op.flops(),
        (_, real, imaginary, pixel) ->
            loops.speckle(real, imaginary, columns, pixel, 1, 0, columns, op.key()));
  }

  Runnable gaussian(OpticalOperation.GaussianGenerate op) {
    long columns = op.entries().columns();
    return rows(
        op.entries(),
        op.pixels(),
        op.flops(),
        (_, real, imaginary, pixel) ->
            PlainSpeckle.gaussianRow(real, imaginary, pixel, columns, op.key()));
  }

  Runnable macropixels(OpticalOperation.MacropixelGenerate op) {
    long inputs = op.entries().columns();
    long mirrors = op.mirrors();
    long columns = inputs * mirrors;
    long stride = Math.ceilDiv(columns, 64) * 64;
    context.reserveScratch(2 * stride);
    return rows(
        op.entries(),
        op.pixels(),
        op.flops(),
        (thread, real, imaginary, pixel) -> {
          long u = context.scratch(thread);
          long v = u + stride;
          loops.speckle(u, v, stride, pixel, 1, 0, columns, op.key());
          for (long input = 0; input < inputs; input++) {
            long first = input * mirrors;
            CpuAddress.setFloat(real, input, loops.sumOfBytes(u + first, mirrors));
            CpuAddress.setFloat(imaginary, input, loops.sumOfBytes(v + first, mirrors));
          }
        });
  }

  Runnable field(OpticalOperation.SpeckleField op) {
    if (StructuredKernels.takes(op.transmission())) {
      return structured.field(op);
    }
    Tensor pattern = op.pattern();
    Tensor field = op.field();
    long outputs = op.transmission().outputs();
    boolean ternary = pattern.dtype() == DType.S8;
    long batch = pattern.rows();
    Frames frames = new Frames(pattern, FieldTiles.patternType(op.transmission()));
    FieldTiles tiles =
        FieldTiles.of(context, op.transmission(), op.pixels(), frames.rows, frames.stride);
    context.reserveScratch(tiles.scratchBytes());
    Runnable fields =
        tiles.overPixels(
            (thread, pixel, pixels) -> {
              long tile = context.scratch(thread);
              tiles.compute(thread, tile, frames.address(), pixel, pixels);
              for (long row = 0; row < batch; row++) {
                if (ternary) {
                  tiles.subtract(tile, row, batch + row);
                }
                tiles.copyRow(tile, row, pixels, LinearKernels.address(field, row, pixel), false);
                tiles.copyRow(
                    tile, row, pixels, LinearKernels.address(field, row, outputs + pixel), true);
              }
            });
    return () -> {
      frames.prepare.run();
      fields.run();
    };
  }

  Runnable expose(OpticalOperation.CameraExpose op) {
    Tensor counts = op.counts();
    Tensor field = op.field();
    CameraSetup setup = CameraSetup.of(op.camera(), field.dtype(), op.pixels(), op.noiseKey());
    return context.overRange(
        counts.columns(),
        64,
        counts.shape().elements(),
        (_, begin, end) -> {
          for (long row = 0; row < counts.rows(); row++) {
            loops.expose(
                LinearKernels.address(counts, row, begin),
                LinearKernels.address(field, row, begin),
                LinearKernels.address(field, row, counts.columns() + begin),
                begin,
                end - begin,
                setup,
                op.projection() + row,
                op.frame());
          }
        });
  }

  Runnable project(OpticalOperation.SpeckleProject op) {
    if (StructuredKernels.takes(op.transmission())) {
      return structured.project(op);
    }
    Tensor ternary = op.ternary();
    Tensor signal = op.signal();
    long batch = ternary.rows();
    long inputs = ternary.columns();
    Frames frames = new Frames(ternary, FieldTiles.patternType(op.transmission()));
    FieldTiles tiles =
        FieldTiles.of(context, op.transmission(), op.pixels(), frames.rows, frames.stride);
    context.reserveScratch(tiles.scratchBytes());
    CameraSetup setup = CameraSetup.of(op.camera(), tiles.fieldType(), op.pixels(), op.noiseKey());
    long control = op.control().words().address();
    Runnable project =
        tiles.overPixels(
            (thread, pixel, pixels) -> {
              long fields = context.scratch(thread);
              tiles.compute(thread, fields, frames.address(), pixel, pixels);
              long anchorReal = tiles.anchor(fields, op.anchorField(), pixel, pixels);
              long anchorImaginary = anchorReal + tiles.anchorGap();
              long projection = CpuAddress.getLong(control + StepControl.PROJECTION);
              for (long row = 0; row < batch; row++) {
                loops.readOut(
                    LinearKernels.address(signal, row, pixel),
                    tiles.row(fields, row, false),
                    tiles.row(fields, row, true),
                    tiles.row(fields, batch + row, false),
                    tiles.row(fields, batch + row, true),
                    anchorReal,
                    anchorImaginary,
                    op.anchorCounts().address() + 4 * pixel,
                    pixel,
                    pixels,
                    imbalance(op.counts(), row, inputs),
                    CpuAddress.getFloat(op.rowScale().address() + 4 * row),
                    setup,
                    op.readOut(),
                    projection + row);
              }
            });
    return () -> {
      frames.prepare.run();
      project.run();
    };
  }

  /** (#P - #N) / n. */
  static float imbalance(Tensor counts, long row, long inputs) {
    long pair = LinearKernels.address(counts, row, 0);
    return (float) (CpuAddress.getInt(pair) - CpuAddress.getInt(pair + 4)) / inputs;
  }

  /**
   * Patterns as products want them, 0 or 1 per mirror as bytes or floats. Ternary vectors become
   * two patterns: rows 0 to batch - 1 show P, the next batch rows N. Bytes of 0 and 1 are used
   * where they are; everything else is written to the shared scratch.
   */
  private final class Frames {
    private final Tensor pattern;
    private final boolean inPlace;
    private final long rows;
    private final long stride;
    private final Runnable prepare;

    Frames(Tensor pattern, DType type) {
      boolean ternary = pattern.dtype() == DType.S8;
      boolean floats = type == DType.F32;
      long batch = pattern.rows();
      long columns = pattern.columns();
      this.pattern = pattern;
      this.inPlace = !ternary && !floats;
      this.rows = ternary ? 2 * batch : batch;
      this.stride = inPlace ? pattern.rowStride() : Math.ceilDiv(columns, 64) * 64;
      long floatBytes = floats ? Float.BYTES * rows * stride : 0;
      if (!inPlace) {
        context.reserveShared(floatBytes + rows * stride);
      }
      this.prepare =
          inPlace
              ? () -> {}
              : context.overRange(
                  batch,
                  1,
                  pattern.shape().elements(),
                  (_, begin, end) -> {
                    long bytes = context.shared() + floatBytes;
                    for (long row = begin; row < end; row++) {
                      long source = LinearKernels.address(pattern, row, 0);
                      long positive = ternary ? bytes + row * stride : source;
                      if (ternary) {
                        loops.splitTernary(
                            positive, bytes + (batch + row) * stride, source, columns);
                      }
                      if (floats) {
                        widen(row, positive, columns);
                      }
                      if (floats && ternary) {
                        widen(batch + row, bytes + (batch + row) * stride, columns);
                      }
                    }
                  });
    }

    private void widen(long row, long bytes, long columns) {
      long target = context.shared() + Float.BYTES * row * stride;
      for (long i = 0; i < columns; i++) {
        CpuAddress.setFloat(target, i, CpuAddress.getByte(bytes, i));
      }
    }

    long address() {
      return inPlace ? pattern.address() : context.shared();
    }
  }

  Runnable errorNormScale(OpticalOperation.ErrorNormScale op) {
    Tensor error = op.error();
    return context.overRange(
        error.rows(),
        1,
        error.shape().elements(),
        (_, begin, end) -> {
          for (long row = begin; row < end; row++) {
            long counts = LinearKernels.address(op.counts(), row, 0);
            long lit = (long) CpuAddress.getInt(counts) + CpuAddress.getInt(counts + 4);
            double squares =
                loops.sumOfSquares(LinearKernels.address(error, row, 0), error.columns());
            double scale =
                lit == 0 ? 0 : op.gain() * Math.sqrt(squares / ((double) lit * op.outputs()));
            CpuAddress.setFloat(op.rowScale().address() + 4 * row, (float) scale);
          }
        });
  }

  Runnable subtractBatchMean(OpticalOperation.SubtractBatchMean op) {
    Tensor signal = op.signal();
    return context.overRange(
        signal.columns(),
        64,
        signal.shape().elements(),
        (_, begin, end) ->
            loops.subtractColumnMeans(
                LinearKernels.address(signal, 0, begin),
                signal.rowStride(),
                signal.rows(),
                end - begin));
  }
}

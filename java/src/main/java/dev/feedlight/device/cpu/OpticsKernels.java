package dev.feedlight.device.cpu;

import dev.feedlight.device.Operation;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;

/** The optics: ternarizer, fields as exact integer products, camera and read-out. */
final class OpticsKernels {
  private final CpuContext context;
  private final Loops loops;

  OpticsKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  Runnable ternarize(Operation.Ternarize op) {
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

  Runnable generate(Operation.SpeckleGenerate op) {
    Tensor entries = op.entries();
    long outputs = entries.rows() / 2;
    return context.overRange(
        outputs,
        1,
        entries.shape().elements(),
        (_, begin, end) -> {
          // Row by row: the loop may fill the room up to the stride, which is not ours here.
          for (long row = begin; row < end; row++) {
            loops.speckle(
                LinearKernels.address(entries, row, 0),
                LinearKernels.address(entries, outputs + row, 0),
                entries.columns(),
                row,
                1,
                0,
                entries.columns(),
                op.key());
          }
        });
  }

  Runnable field(Operation.SpeckleField op) {
    Tensor pattern = op.pattern();
    Tensor field = op.field();
    long outputs = op.transmission().outputs();
    boolean ternary = pattern.dtype() == DType.S8;
    long batch = pattern.rows();
    Frames frames = ternary ? new Frames(pattern) : null;
    FieldTiles tiles =
        ternary
            ? new FieldTiles(context, op.transmission(), 2 * batch, frames.stride)
            : new FieldTiles(context, op.transmission(), batch, pattern.rowStride());
    context.reserveScratch(tiles.scratchBytes());
    Runnable fields =
        tiles.overPixels(
            (thread, pixel, pixels) -> {
              long shown = ternary ? context.shared() : pattern.address();
              long tile = tiles.compute(thread, shown, pixel, pixels);
              for (long row = 0; row < batch; row++) {
                if (ternary) {
                  tiles.subtract(tile, row, batch + row);
                }
                tiles.copyRow(tile, row, pixels, LinearKernels.address(field, row, pixel), false);
                tiles.copyRow(
                    tile, row, pixels, LinearKernels.address(field, row, outputs + pixel), true);
              }
            });
    if (!ternary) {
      return fields;
    }
    return () -> {
      frames.split.run();
      fields.run();
    };
  }

  Runnable expose(Operation.CameraExpose op) {
    Tensor counts = op.counts();
    Tensor field = op.field();
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
                op.camera(),
                op.noiseKey(),
                op.projection() + row,
                op.frame());
          }
        });
  }

  Runnable project(Operation.SpeckleProject op) {
    Tensor ternary = op.ternary();
    Tensor signal = op.signal();
    long batch = ternary.rows();
    long inputs = ternary.columns();
    long outputs = signal.columns();
    Frames frames = new Frames(ternary);
    FieldTiles tiles = new FieldTiles(context, op.transmission(), 2 * batch, frames.stride);
    context.reserveScratch(tiles.scratchBytes());
    long control = op.control().words().address();
    long anchorReal = op.anchorField().address();
    long anchorImaginary = anchorReal + 4 * outputs;
    Runnable project =
        tiles.overPixels(
            (thread, pixel, pixels) -> {
              long fields = tiles.compute(thread, context.shared(), pixel, pixels);
              long projection = CpuAddress.getLong(control + StepControl.PROJECTION);
              for (long row = 0; row < batch; row++) {
                long counts = LinearKernels.address(op.counts(), row, 0);
                int imbalance = CpuAddress.getInt(counts) - CpuAddress.getInt(counts + 4);
                loops.readOut(
                    LinearKernels.address(signal, row, pixel),
                    tiles.row(fields, row, false),
                    tiles.row(fields, row, true),
                    tiles.row(fields, batch + row, false),
                    tiles.row(fields, batch + row, true),
                    anchorReal + 4 * pixel,
                    anchorImaginary + 4 * pixel,
                    op.anchorCounts().address() + 4 * pixel,
                    pixel,
                    pixels,
                    (float) imbalance / inputs,
                    CpuAddress.getFloat(op.rowScale().address() + 4 * row),
                    op.camera(),
                    op.readOut(),
                    op.noiseKey(),
                    projection + row);
              }
            });
    return () -> {
      frames.split.run();
      project.run();
    };
  }

  /**
   * Ternary vectors as mirrors: rows 0 to batch - 1 show P, the next batch rows N, one byte per
   * mirror, in the shared scratch.
   */
  private final class Frames {
    private final long stride;
    private final Runnable split;

    Frames(Tensor ternary) {
      long batch = ternary.rows();
      this.stride = Math.ceilDiv(ternary.columns(), 64) * 64;
      context.reserveShared(2 * batch * stride);
      this.split =
          context.overRange(
              batch,
              1,
              ternary.shape().elements(),
              (_, begin, end) -> {
                long frames = context.shared();
                for (long row = begin; row < end; row++) {
                  loops.splitTernary(
                      frames + row * stride,
                      frames + (batch + row) * stride,
                      LinearKernels.address(ternary, row, 0),
                      ternary.columns());
                }
              });
    }
  }

  Runnable errorNormScale(Operation.ErrorNormScale op) {
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

  Runnable subtractBatchMean(Operation.SubtractBatchMean op) {
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

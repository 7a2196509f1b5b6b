package dev.feedlight.device.cpu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/**
 * The update of a dense layer: mask, product, optimizer. Each thread owns a part of the weight,
 * rows if there are enough. Plain SGD goes into the weight by the product itself, which takes the
 * learning rate as its factor; the other rules take the gradient panel by panel, each while it is
 * in the thread's cache, so that the whole gradient never exists.
 *
 * <p>Products are dnnl_sgemm; see {@link ProductPlan} for what was measured.
 */
final class UpdateKernels {
  /** Floats of a gradient panel; ours: a quarter of a 2 MB L2 cache, shared with the moments. */
  private static final long PANEL_FLOATS = 128 * 1024;

  private final CpuContext context;
  private final Loops loops;

  UpdateKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  Runnable update(Operation.LinearUpdate op) {
    long batch = op.x().rows();
    ProductGrid grid =
        ProductPlan.update(context.threads(), batch, op.x().columns(), op.dy().columns());
    Part[] parts = new Part[grid.parts()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part(op, grid, i);
      context.reserveScratch(parts[i].scratchBytes());
    }
    long failure = op.control().words().address() + StepControl.FAILURE;
    Runnable all = context.overParts(grid, part -> parts[part].run(context.scratch(part)));
    return () -> {
      if (CpuAddress.getInt(failure) == 0) {
        all.run();
      }
    };
  }

  /** A rectangle of the weight, and the bias of its rows if it starts at column 0. */
  private final class Part {
    private final Operation.LinearUpdate op;
    private final long batch;
    private final long firstRow;
    private final long rows;
    private final long column;
    private final long columns;
    private final boolean masked;
    private final boolean direct;
    private final long panelRows;
    private final long control;

    Part(Operation.LinearUpdate op, ProductGrid grid, int part) {
      this.op = op;
      this.batch = op.x().rows();
      this.firstRow = grid.firstRow(part);
      this.rows = grid.endRow(part) - firstRow;
      this.column = grid.firstColumn(part);
      this.columns = grid.endColumn(part) - column;
      this.masked = op.activation() != Activation.IDENTITY;
      this.direct = goesIntoWeight(op);
      this.panelRows = direct ? rows : Math.clamp(PANEL_FLOATS / columns, 1, rows);
      this.control = op.control().words().address();
    }

    // Scratch: column sums | masked signal | gradient panel.
    private long signalOffset() {
      return aligned(4 * rows);
    }

    private long gradientOffset() {
      return signalOffset() + (masked ? aligned(4 * rows * batch) : 0);
    }

    long scratchBytes() {
      return gradientOffset() + (direct ? 0 : aligned(4 * panelRows * columns));
    }

    void run(long scratch) {
      long signal = LinearKernels.address(op.dy(), 0, firstRow);
      long stride = op.dy().rowStride();
      if (masked) {
        Tensor saved = op.saved();
        long target = scratch + signalOffset();
        loops.activationGradient(
            op.activation(),
            target,
            rows,
            signal,
            stride,
            LinearKernels.address(saved, 0, firstRow),
            saved.rowStride(),
            batch,
            rows);
        signal = target;
        stride = rows;
      }
      for (long row = 0; row < rows; row += panelRows) {
        panel(scratch, signal + 4 * row, stride, firstRow + row, Math.min(panelRows, rows - row));
      }
      if (op.bias() != null && column == 0) {
        loops.columnSums(scratch, signal, stride, batch, rows);
        bias(scratch);
      }
    }

    private void panel(long scratch, long signal, long stride, long row, long count) {
      if (direct) {
        Tensor weight = op.weight().value();
        long target = LinearKernels.address(weight, row, column);
        product(
            -OptimizerStep.rate(op.weight(), control),
            signal,
            stride,
            count,
            1,
            target,
            weight.rowStride());
        return;
      }
      long gradient = scratch + gradientOffset();
      product(1, signal, stride, count, 0, gradient, columns);
      boolean wholeRows = columns == op.x().columns();
      long pieces = wholeRows ? 1 : count;
      long length = wholeRows ? count * columns : columns;
      for (long piece = 0; piece < pieces; piece++) {
        long source = gradient + 4 * piece * columns;
        long first = (row + piece) * op.x().columns() + column;
        switch (op.target()) {
          case UpdateTarget.Apply(Optimizer optimizer) ->
              optimize(op.weight(), optimizer, source, first, length);
          case UpdateTarget.Accumulate(Gradients gradients, float beta) ->
              accumulate(gradients.of(op.weight()), source, first, length, beta);
        }
      }
    }

    private void product(
        float alpha, long signal, long stride, long count, float beta, long c, long ldc) {
      context
          .oneDnn()
          .sgemm(
              true,
              false,
              count,
              columns,
              batch,
              alpha,
              signal,
              stride,
              LinearKernels.address(op.x(), 0, column),
              op.x().rowStride(),
              beta,
              c,
              ldc);
    }

    private void bias(long sums) {
      switch (op.target()) {
        case UpdateTarget.Apply(Optimizer optimizer) ->
            optimize(op.bias(), optimizer, sums, firstRow, rows);
        case UpdateTarget.Accumulate(Gradients gradients, float beta) ->
            accumulate(gradients.of(op.bias()), sums, firstRow, rows, beta);
      }
    }

    private void optimize(
        Parameter parameter, Optimizer optimizer, long gradient, long first, long n) {
      OptimizerStep.run(loops, parameter, optimizer, control, gradient, first, n);
    }

    private void accumulate(Tensor gradient, long source, long first, long n, float beta) {
      loops.accumulate(gradient.address() + 4 * first, source, n, beta);
    }
  }

  /** Whether the product can update the weight by itself: w += (-lr) dz^T x. */
  private static boolean goesIntoWeight(Operation.LinearUpdate op) {
    return op.target() instanceof UpdateTarget.Apply(Optimizer optimizer)
        && optimizer instanceof Optimizer.Sgd(float decay)
        && (decay == 0 || !op.weight().group().decay());
  }

  private static long aligned(long bytes) {
    return (bytes + 63) & ~63L;
  }
}

package dev.feedlight.device.cpu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Precision;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The update of a dense layer: mask, product, optimizer. Each thread owns a part of the weight,
 * rows if there are enough. Plain SGD goes into the weight by the product itself, which takes the
 * learning rate as its factor; the other rules take the gradient panel by panel, each while it is
 * in the thread's cache, so that the whole gradient never exists.
 *
 * <p>Products are dnnl_sgemm; see {@link ProductPlan} for what was measured. With operands rounded
 * to bf16 they are {@link Bf16Panels}, and every rule takes panels: a factor of the learning rate
 * would have to be part of what is rounded.
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
    Bf16Copy x = context.precision() == Precision.BF16 ? new Bf16Copy(context, op.x()) : null;
    Part[] parts = parts(op, x);
    Runnable all = context.overParts(parts.length, part -> parts[part].run(context.scratch(part)));
    long control = op.control().words().address();
    return () -> {
      if (!StickyFailure.isSet(control)) {
        if (x != null) {
          x.round();
        }
        all.run();
      }
    };
  }

  /**
   * Several updates in one hand-off: every thread does its parts of all of them, so that nobody
   * waits in between, and updates of one part go round the threads. The bits are those of {@link
   * #update} one by one.
   *
   * @param ops fp32 products, none of which writes what another one touches, with one control
   */
  Runnable grouped(List<Operation.LinearUpdate> ops) {
    List<List<Part>> shares = new ArrayList<>();
    for (int thread = 0; thread < context.threads(); thread++) {
      shares.add(new ArrayList<>());
    }
    int next = 0;
    for (Operation.LinearUpdate op : ops) {
      for (Part part : parts(op, null)) {
        shares.get(next++ % shares.size()).add(part);
      }
    }
    Part[][] owned = shares.stream().map(list -> list.toArray(Part[]::new)).toArray(Part[][]::new);
    Runnable all =
        context.overParts(
            owned.length,
            thread -> {
              for (Part part : owned[thread]) {
                part.run(context.scratch(thread));
              }
            });
    long control = ops.getFirst().control().words().address();
    return () -> {
      if (!StickyFailure.isSet(control)) {
        all.run();
      }
    };
  }

  /**
   * Cuts an update and reserves scratch for it.
   *
   * @param x the rounded x; null where operands are not rounded
   */
  private Part[] parts(Operation.LinearUpdate op, Bf16Copy x) {
    ProductGrid grid =
        ProductPlan.update(context.threads(), op.x().rows(), op.x().columns(), op.dy().columns());
    Part[] parts = new Part[grid.parts()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part(op, grid, i, x);
      context.reserveScratch(parts[i].scratchBytes());
    }
    return parts;
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
    private final Bf16Panels bf16;
    private final long control;

    /**
     * @param x the rounded x; null where operands are not rounded
     */
    Part(Operation.LinearUpdate op, ProductGrid grid, int part, Bf16Copy x) {
      this.op = op;
      this.batch = op.x().rows();
      this.firstRow = grid.firstRow(part);
      this.rows = grid.endRow(part) - firstRow;
      this.column = grid.firstColumn(part);
      this.columns = grid.endColumn(part) - column;
      this.masked = op.activation() != Activation.IDENTITY;
      this.direct = x == null && goesIntoWeight(op);
      long panel = Math.max(PANEL_FLOATS / columns, x == null ? 1 : Bf16Panels.LEAST_ROWS);
      this.panelRows = direct ? rows : Math.min(panel, rows);
      this.bf16 =
          x == null
              ? null
              : new Bf16Panels(context, part, x, batch, rows, column, columns, panelRows);
      this.control = op.control().words().address();
    }

    // Scratch: column sums | masked signal | rounded signal | gradient panel.
    private long signalOffset() {
      return aligned(4 * rows);
    }

    private long roundedOffset() {
      return signalOffset() + (masked ? aligned(4 * rows * batch) : 0);
    }

    private long gradientOffset() {
      return roundedOffset() + (bf16 == null ? 0 : aligned(bf16.signalBytes()));
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
      if (bf16 != null) {
        bf16.round(scratch + roundedOffset(), signal, stride);
      }
      for (long row = 0; row < rows; row += panelRows) {
        panel(scratch, signal, stride, row, Math.min(panelRows, rows - row));
      }
      if (op.bias() != null && column == 0) {
        loops.columnSums(scratch, signal, stride, batch, rows);
        take(op.bias(), scratch, firstRow, rows);
      }
    }

    private void panel(long scratch, long signal, long stride, long row, long count) {
      long rowSignal = signal + 4 * row;
      if (direct) {
        Tensor weight = op.weight().value();
        long target = LinearKernels.address(weight, firstRow + row, column);
        float factor = -OptimizerStep.rate(op.weight(), control);
        product(factor, rowSignal, stride, count, 1, target, weight.rowStride());
        return;
      }
      long gradient = scratch + gradientOffset();
      if (bf16 == null) {
        product(1, rowSignal, stride, count, 0, gradient, columns);
      } else {
        bf16.multiply(scratch + roundedOffset(), row, gradient);
      }
      boolean wholeRows = columns == op.x().columns();
      long pieces = wholeRows ? 1 : count;
      long length = wholeRows ? count * columns : columns;
      for (long piece = 0; piece < pieces; piece++) {
        long source = gradient + 4 * piece * columns;
        long first = (firstRow + row + piece) * op.x().columns() + column;
        take(op.weight(), source, first, length);
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

    private void take(Parameter parameter, long gradient, long first, long n) {
      OptimizerStep.take(loops, op.target(), parameter, control, gradient, first, n);
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

package dev.feedlight.device.cpu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The update of a dense layer: mask, product, optimizer. Each thread owns rows of the weight (columns
 * when there are few rows). Plain SGD goes into the weight by the product itself; the other rules
 * take the gradient panel by panel, each panel while it is in the thread's cache.
 */
final class UpdateKernels {
  // A panel of gradient that fits the second-level cache beside the weights it updates.
  private static final long PANEL_FLOATS = 64 * 1024;
  private static final long STEP = 16;

  private final CpuContext context;

  UpdateKernels(CpuContext context) {
    this.context = context;
  }

  Runnable update(Operation.LinearUpdate op) {
    long rows = op.dy().columns();
    long columns = op.x().columns();
    int threads = context.threads();
    boolean byRows = rows >= STEP * threads || rows >= columns;
    List<Panel> panels = new ArrayList<>();
    int[] firstPanel = new int[threads + 1];
    long scratch = 0;
    for (int thread = 0; thread < threads; thread++) {
      long extent = byRows ? rows : columns;
      long step = extent >= STEP * threads ? STEP : 1;
      long begin = Slices.begin(extent, thread, threads, step);
      long end = Slices.end(extent, thread, threads, step);
      if (begin < end) {
        long width = byRows ? columns : end - begin;
        long limit = byRows ? end : rows;
        long height = direct(op) ? limit : Math.max(1, PANEL_FLOATS / width);
        for (long row = byRows ? begin : 0; row < limit; row += height) {
          long count = Math.min(height, limit - row);
          Panel panel = new Panel(op, row, count, byRows ? 0 : begin, width, byRows || begin == 0);
          panels.add(panel);
          scratch = Math.max(scratch, panel.scratchBytes());
        }
      }
      firstPanel[thread + 1] = panels.size();
    }
    context.reserveScratch(scratch);
    Panel[] all = panels.toArray(Panel[]::new);
    long failure = op.control().words().address() + StepControl.FAILURE;
    Workers.Task work =
        (thread, _) -> {
          for (int i = firstPanel[thread]; i < firstPanel[thread + 1]; i++) {
            all[i].run(thread);
          }
        };
    return () -> {
      if (CpuAddress.getInt(failure) == 0) {
        context.parallel(work);
      }
    };
  }

  /** Whether the product can update the weight by itself: w += (-lr) dz^T x. */
  private static boolean direct(Operation.LinearUpdate op) {
    return op.target() instanceof UpdateTarget.Apply(Optimizer optimizer)
        && optimizer instanceof Optimizer.Sgd
        && decay(op.weight(), optimizer) == 0;
  }

  private static float decay(Parameter parameter, Optimizer optimizer) {
    return parameter.group().decay() ? optimizer.weightDecay() : 0;
  }

  /** A rectangle of the weight that one thread updates at a time. */
  private final class Panel {
    private final Operation.LinearUpdate op;
    private final Loops loops = context.loops();
    private final long row;
    private final long rows;
    private final long column;
    private final long columns;
    private final boolean ownsBias;
    private final boolean masked;
    private final boolean direct;
    private final Matmul product;
    private final long control;

    Panel(
        Operation.LinearUpdate op,
        long row,
        long rows,
        long column,
        long columns,
        boolean ownsBias) {
      this.op = op;
      this.row = row;
      this.rows = rows;
      this.column = column;
      this.columns = columns;
      this.ownsBias = ownsBias && op.bias() != null;
      this.masked = op.activation() != Activation.IDENTITY;
      this.direct = direct(op);
      this.control = op.control().words().address();
      this.product =
          direct
              ? null
              : context.product(
              new MatmulShape(
                  MatmulTypes.F32,
                  rows,
                  columns,
                  op.x().rows(),
                  true,
                  false,
                  masked ? rows : op.dy().rowStride(),
                  op.x().rowStride(),
                  columns,
                  false,
                  MatmulEpilogue.NONE));
    }

    // Scratch: column sums | masked signal | gradient panel.
    private long signalOffset() {
      return aligned(4 * rows);
    }

    private long gradientOffset() {
      return signalOffset() + (masked ? aligned(4 * rows * op.x().rows()) : 0);
    }

    long scratchBytes() {
      return gradientOffset() + (direct ? 0 : aligned(4 * rows * columns));
    }

    void run(int thread) {
      long scratch = context.scratch(thread);
      long signal = LinearKernels.address(op.dy(), 0, row);
      long signalStride = op.dy().rowStride();
      if (masked) {
        Tensor saved = op.saved();
        long target = scratch + signalOffset();
        loops.activationGradient(
            op.activation(),
            target,
            rows,
            signal,
            signalStride,
            LinearKernels.address(saved, 0, row),
            saved.rowStride(),
            op.x().rows(),
            rows);
        signal = target;
        signalStride = rows;
      }
      long x = LinearKernels.address(op.x(), 0, column);
      switch (op.target()) {
        case UpdateTarget.Apply(Optimizer optimizer) ->
            apply(thread, scratch, optimizer, signal, signalStride, x);
        case UpdateTarget.Accumulate accumulate ->
            accumulate(thread, scratch, accumulate, signal, signalStride, x);
      }
    }

    private void apply(
        int thread, long scratch, Optimizer optimizer, long signal, long stride, long x) {
      float rate = CpuAddress.getFloat(control + StepControl.LEARNING_RATE);
      float weightRate = rate * op.weight().group().learningRateFactor();
      Tensor weight = op.weight().value();
      if (direct) {
        context
            .oneDnn()
            .sgemm(
                true,
                false,
                rows,
                columns,
                op.x().rows(),
                -weightRate,
                signal,
                stride,
                x,
                op.x().rowStride(),
                1,
                LinearKernels.address(weight, row, column),
                weight.rowStride());
      } else {
        long gradient = scratch + gradientOffset();
        product.run(thread, signal, x, 0, gradient);
        if (columns == weight.columns()) {
          optimize(op.weight(), optimizer, gradient, row * columns, rows * columns, weightRate);
        } else {
          for (long r = 0; r < rows; r++) {
            optimize(
                op.weight(),
                optimizer,
                gradient + 4 * r * columns,
                (row + r) * weight.columns() + column,
                columns,
                weightRate);
          }
        }
      }
      if (ownsBias) {
        loops.columnSums(scratch, signal, stride, op.x().rows(), rows);
        float biasRate = rate * op.bias().group().learningRateFactor();
        optimize(op.bias(), optimizer, scratch, row, rows, biasRate);
      }
    }

    private void optimize(
        Parameter parameter, Optimizer optimizer, long gradient, long first, long n, float rate) {
      List<Tensor> state = parameter.state();
      loops.update(
          optimizer,
          parameter.value().address() + 4 * first,
          gradient,
          state.isEmpty() ? 0 : state.get(0).address() + 4 * first,
          state.size() < 2 ? 0 : state.get(1).address() + 4 * first,
          n,
          rate,
          parameter.group().decay(),
          CpuAddress.getFloat(control + StepControl.CORRECTION_1),
          CpuAddress.getFloat(control + StepControl.CORRECTION_2));
    }

    private void accumulate(
        int thread,
        long scratch,
        UpdateTarget.Accumulate target,
        long signal,
        long stride,
        long x) {
      long gradient = scratch + gradientOffset();
      product.run(thread, signal, x, 0, gradient);
      for (long r = 0; r < rows; r++) {
        loops.accumulate(
            LinearKernels.address(target.weightGradient(), row + r, column),
            gradient + 4 * r * columns,
            columns,
            target.beta());
      }
      if (ownsBias) {
        loops.columnSums(scratch, signal, stride, op.x().rows(), rows);
        loops.accumulate(
            LinearKernels.address(target.biasGradient(), 0, row), scratch, rows, target.beta());
      }
    }
  }

  private static long aligned(long bytes) {
    return (bytes + 63) & ~63L;
  }
}

package dev.feedlight.device.cpu;

import dev.feedlight.device.TrainingOperation;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** What is done with gradients that are kept. */
final class GradientKernels {
  /** Floats per partial sum; ours. Fixed, so that a norm does not depend on the threads. */
  private static final long PIECE = 1 << 15;

  /** Floats that are scaled and applied at a time; ours: 16 KB stay in the first-level cache. */
  private static final long PANEL = 1 << 12;

  /** Parts of a parameter start at whole cache lines, and so do those of its gradient. */
  private static final long STEP = 1024;

  private final CpuContext context;
  private final Loops loops;

  GradientKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  Runnable norm(TrainingOperation.GradientNorm op) {
    List<TrainingOperation.GradientNorm.Part> parts = op.parts();
    int[] ends = new int[parts.size()];
    int pieces = 0;
    for (int i = 0; i < ends.length; i++) {
      long elements = parts.get(i).gradient().shape().elements();
      pieces += Math.toIntExact(Math.ceilDiv(elements, PIECE));
      ends[i] = pieces;
    }
    double[] sums = new double[pieces];
    long[] addresses = new long[pieces];
    long[] lengths = new long[pieces];
    int piece = 0;
    for (TrainingOperation.GradientNorm.Part part : parts) {
      Tensor gradient = part.gradient();
      long elements = gradient.shape().elements();
      for (long first = 0; first < elements; first += PIECE) {
        addresses[piece] = gradient.address() + 4 * first;
        lengths[piece++] = Math.min(PIECE, elements - first);
      }
    }
    Runnable squares =
        context.overRange(
            pieces,
            1,
            op.flops(),
            (_, begin, end) -> {
              for (int i = (int) begin; i < end; i++) {
                sums[i] = loops.sumOfSquares(addresses[i], lengths[i]);
              }
            });
    long control = op.control().words().address();
    return () -> {
      if (!StickyFailure.isSet(control)) {
        squares.run();
        conclude(op, sums, ends);
      }
    };
  }

  /** Adds the partial sums in their order. */
  private static void conclude(TrainingOperation.GradientNorm op, double[] sums, int[] ends) {
    double sum = 0;
    double norm = 0;
    boolean finite = true;
    int piece = 0;
    for (int i = 0; i < ends.length; i++) {
      while (piece < ends[i]) {
        sum += sums[piece++];
      }
      norm = op.scale() * Math.sqrt(sum);
      if (finite && !Float.isFinite((float) norm)) {
        finite = false;
        StickyFailure.set(op.control().words().address(), op.parts().get(i).block());
      }
    }
    double factor = norm > op.limit() ? op.scale() * (op.limit() / norm) : op.scale();
    CpuAddress.setFloat(op.norm().address(), (float) norm);
    CpuAddress.setFloat(op.factor().address(), finite ? (float) factor : 0);
  }

  Runnable apply(TrainingOperation.ApplyGradient op) {
    long n = op.gradient().shape().elements();
    long gradient = op.gradient().address();
    long factor = op.factor().address();
    long control = op.control().words().address();
    context.reserveScratch(4 * PANEL);
    Runnable all =
        context.overRange(
            n,
            STEP,
            n,
            (thread, begin, end) -> {
              long scaled = context.scratch(thread);
              for (long first = begin; first < end; first += PANEL) {
                long count = Math.min(PANEL, end - first);
                loops.scale(scaled, gradient + 4 * first, count, CpuAddress.getFloat(factor));
                OptimizerStep.run(
                    loops, op.parameter(), op.optimizer(), control, scaled, first, count);
              }
            });
    return () -> {
      if (!StickyFailure.isSet(control)) {
        all.run();
      }
    };
  }
}

package dev.feedlight.device.cpu;

import dev.feedlight.device.Parameter;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Tensor;

/** Layer normalisation: rows are split forward and backward, columns for the update. */
final class NormalizationKernels {
  /** Parts of an update start at whole cache lines. */
  private static final long STEP = 16;

  private final CpuContext context;
  private final Loops loops;

  NormalizationKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  Runnable forward(TransformerOperation.LayerNormForward op) {
    Tensor x = op.x();
    Tensor residual = op.residual();
    long gain = address(op.gain());
    long bias = address(op.bias());
    return context.overRange(
        x.rows(),
        1,
        x.shape().elements(),
        (_, begin, end) -> {
          for (long row = begin; row < end; row++) {
            loops
                .transformer()
                .normalize(
                    LinearKernels.address(op.y(), row, 0),
                    LinearKernels.address(op.mean(), 0, row),
                    LinearKernels.address(op.rstd(), 0, row),
                    LinearKernels.address(x, row, 0),
                    residual == null ? 0 : LinearKernels.address(residual, row, 0),
                    gain,
                    bias,
                    x.columns());
          }
        });
  }

  /** 0 for none. */
  private static long address(Parameter parameter) {
    return parameter == null ? 0 : parameter.value().address();
  }

  Runnable backward(TransformerOperation.LayerNormBackward op) {
    Tensor x = op.x();
    Tensor residual = op.residual();
    long gain = address(op.gain());
    context.reserveScratch(4 * x.columns());
    return context.overRange(
        x.rows(),
        1,
        x.shape().elements(),
        (thread, begin, end) -> {
          for (long row = begin; row < end; row++) {
            loops
                .transformer()
                .normalizeGradient(
                    LinearKernels.address(op.dx(), row, 0),
                    LinearKernels.address(op.dy(), row, 0),
                    residual == null ? 0 : LinearKernels.address(residual, row, 0),
                    LinearKernels.address(x, row, 0),
                    CpuAddress.getFloat(op.mean().address(), row),
                    CpuAddress.getFloat(op.rstd().address(), row),
                    gain,
                    x.columns(),
                    context.scratch(thread));
          }
        });
  }

  Runnable update(TransformerOperation.LayerNormUpdate op) {
    Tensor x = op.x();
    long control = op.control().words().address();
    context.reserveScratch(8 * x.columns());
    Runnable all =
        context.overRange(
            x.columns(),
            STEP,
            x.shape().elements(),
            (thread, begin, end) -> {
              long n = end - begin;
              long gains = context.scratch(thread);
              long biases = gains + 4 * n;
              CpuAddress.zeroFloats(gains, 2 * n);
              for (long row = 0; row < x.rows(); row++) {
                loops
                    .transformer()
                    .normalizeSums(
                        gains,
                        biases,
                        LinearKernels.address(op.dy(), row, begin),
                        LinearKernels.address(x, row, begin),
                        CpuAddress.getFloat(op.mean().address(), row),
                        CpuAddress.getFloat(op.rstd().address(), row),
                        n);
              }
              OptimizerStep.take(loops, op.target(), op.gain(), control, gains, begin, n);
              OptimizerStep.take(loops, op.target(), op.bias(), control, biases, begin, n);
            });
    return () -> {
      if (!StickyFailure.isSet(control)) {
        all.run();
      }
    };
  }
}

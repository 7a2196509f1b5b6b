package dev.feedlight.device.cpu;

import dev.feedlight.device.Operation;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.tensor.Tensor;

/** Elementwise operations, losses and checks, split by rows. */
final class SmallKernels {
  private static final long RANDOM_STEP = 1024;

  private final CpuContext context;
  private final Loops loops;

  SmallKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  Runnable fill(Operation.Fill op) {
    long n = op.target().shape().elements();
    long address = op.target().address();
    return context.overRange(
        n,
        RANDOM_STEP,
        n,
        (_, begin, end) -> {
          for (long i = begin; i < end; i++) {
            CpuAddress.setFloat(address + 4 * i, op.value());
          }
        });
  }

  Runnable randomFill(Operation.RandomFill op) {
    long n = op.target().shape().elements();
    long address = op.target().address();
    boolean normal = op.distribution() == Operation.RandomFill.Distribution.NORMAL;
    return context.overRange(
        n,
        RANDOM_STEP,
        n,
        (_, begin, end) ->
            loops.randomFill(
                address + 4 * begin, begin, end - begin, normal, op.scale(), op.key()));
  }

  Runnable activationGradient(Operation.ActivationGradient op) {
    Tensor dz = op.dz();
    Tensor dy = op.dy();
    Tensor saved = op.saved() == null ? dy : op.saved();
    return context.overRange(
        dz.rows(),
        1,
        dz.shape().elements(),
        (_, begin, end) ->
            loops.activationGradient(
                op.activation(),
                LinearKernels.address(dz, begin, 0),
                dz.rowStride(),
                LinearKernels.address(dy, begin, 0),
                dy.rowStride(),
                LinearKernels.address(saved, begin, 0),
                saved.rowStride(),
                end - begin,
                dz.columns()));
  }

  Runnable dropout(TrainingOperation.Dropout op) {
    Tensor result = op.result();
    Tensor source = op.source();
    int threshold = op.threshold();
    float scale = op.scale();
    long control = op.control().words().address();
    return context.overRange(
        result.rows(),
        1,
        result.shape().elements(),
        (_, begin, end) -> {
          long sample = CpuAddress.getLong(control + StepControl.PROJECTION);
          for (long row = begin; row < end; row++) {
            loops.dropout(
                LinearKernels.address(result, row, 0),
                LinearKernels.address(source, row, 0),
                result.columns(),
                threshold,
                scale,
                op.key(),
                sample + row);
          }
        });
  }

  Runnable softmaxCrossEntropy(Operation.SoftmaxCrossEntropy op) {
    Tensor logits = op.logits();
    float scale = 1f / logits.rows();
    long labels = op.labels().address();
    return loss(
        op.loss(),
        logits,
        1.0 / logits.rows(),
        row ->
            loops.softmaxCrossEntropy(
                LinearKernels.address(op.error(), row, 0),
                LinearKernels.address(logits, row, 0),
                logits.columns(),
                CpuAddress.getInt(labels + 4 * row),
                scale));
  }

  Runnable meanSquaredError(Operation.MeanSquaredError op) {
    Tensor prediction = op.prediction();
    Tensor weights = op.weights();
    double elements = prediction.shape().elements();
    float scale = (float) (2 / elements);
    return loss(
        op.loss(),
        prediction,
        1 / elements,
        row ->
            weights == null
                ? loops.squaredError(
                    LinearKernels.address(op.error(), row, 0),
                    LinearKernels.address(prediction, row, 0),
                    LinearKernels.address(op.target(), row, 0),
                    prediction.columns(),
                    scale)
                : PlainLosses.weightedSquaredError(
                    LinearKernels.address(op.error(), row, 0),
                    LinearKernels.address(prediction, row, 0),
                    LinearKernels.address(op.target(), row, 0),
                    LinearKernels.address(weights, row % weights.rows(), 0),
                    prediction.columns(),
                    scale));
  }

  /** Loss of one row, which also writes the row's error. */
  @FunctionalInterface
  private interface RowLoss {
    double of(long row);
  }

  private Runnable loss(Tensor loss, Tensor prediction, double scale, RowLoss rowLoss) {
    double[] rows = new double[Math.toIntExact(prediction.rows())];
    Runnable all =
        context.overRange(
            prediction.rows(),
            1,
            prediction.shape().elements(),
            (_, begin, end) -> {
              for (long row = begin; row < end; row++) {
                rows[(int) row] = rowLoss.of(row);
              }
            });
    long address = loss.address();
    return () -> {
      all.run();
      double sum = 0;
      for (double row : rows) {
        sum += row;
      }
      CpuAddress.setFloat(address, (float) (sum * scale));
    };
  }

  Runnable finiteCheck(Operation.FiniteCheck op) {
    Tensor values = op.values();
    FiniteFlag flag = new FiniteFlag(loops, op);
    boolean whole = values.contiguous();
    long rows = whole ? values.shape().elements() : values.rows();
    return flag.after(
        context.overRange(
            rows,
            whole ? RANDOM_STEP : 1,
            values.shape().elements(),
            (_, begin, end) -> {
              if (whole) {
                flag.look(values.address() + 4 * begin, end - begin);
                return;
              }
              for (long row = begin; row < end; row++) {
                flag.look(LinearKernels.address(values, row, 0), values.columns());
              }
            }));
  }
}

package dev.feedlight.device.cuda;

import dev.feedlight.device.NormalTable;
import dev.feedlight.device.Operation;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation;
import dev.feedlight.tensor.Tensor;

/** Elementwise operations, losses and checks. */
final class SmallKernels {
  private static final int THREADS = 256;

  /** Blocks of kernels whose threads stride over what is left, and rows of those that do too. */
  static final long MOST_BLOCKS = 65_535;

  /** Elements for each block of a loss, and the most of its partial sums. */
  private static final long PART = 4096;

  private static final long MOST_PARTS = 256;

  private final CudaContext context;

  SmallKernels(CudaContext context) {
    this.context = context;
  }

  Runnable fill(Operation.Fill op) {
    long n = op.target().shape().elements();
    return new Launch("fill", "fl_fill", striding(n, THREADS), Extent.of(THREADS))
        .bind(context, new Arguments().tensor(op.target()).f32(op.value()).s64(n), op);
  }

  Runnable randomFill(Operation.RandomFill op) {
    long n = op.target().shape().elements();
    boolean normal = op.distribution() == Operation.RandomFill.Distribution.NORMAL;
    return new Launch("fill", "fl_random_fill", striding(n, 4 * THREADS), Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .tensor(op.target())
                .pointer(normal ? context.table("normal law", NormalTable::values) : 0)
                .flag(normal)
                .f32(op.scale())
                .s64(op.key())
                .s64(n),
            op);
  }

  Runnable activationGradient(Operation.ActivationGradient op) {
    Tensor dz = op.dz();
    return new Launch(
            "linear",
            "fl_activation_gradient",
            overColumns(dz.rows(), dz.columns()),
            Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .tensor(dz)
                .tensor(op.dy())
                .tensor(op.saved())
                .activation(op.activation())
                .s64(dz.rows())
                .s64(dz.columns())
                .s64(dz.rowStride())
                .s64(op.dy().rowStride())
                .stride(op.saved()),
            op);
  }

  /** What is left of a forward product that lies in y: z = y + b, y = f(z). */
  Runnable biasActivation(Operation.LinearForward op) {
    Tensor y = op.y();
    return new Launch(
            "epilogue",
            "fl_bias_activation",
            overColumns(y.rows(), y.columns()),
            Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .tensor(y)
                .tensor(op.preActivation())
                .parameter(op.bias())
                .activation(op.activation())
                .s64(y.rows())
                .s64(y.columns())
                .s64(y.rowStride())
                .stride(op.preActivation()),
            op);
  }

  Runnable dropout(TrainingOperation.Dropout op) {
    Tensor result = op.result();
    return new Launch(
            "training",
            "fl_dropout",
            overColumns(result.rows(), Math.ceilDiv(result.columns(), 4)),
            Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .tensor(result)
                .tensor(op.source())
                .control(op.control())
                .s32(op.threshold())
                .f32(op.scale())
                .s64(op.key())
                .s64(result.rows())
                .s64(result.columns())
                .s64(result.rowStride())
                .s64(op.source().rowStride()),
            op);
  }

  Runnable finiteCheck(Operation.FiniteCheck op) {
    Tensor values = op.values();
    return new Launch(
            "training",
            "fl_finite_check",
            overColumns(values.rows(), values.columns()),
            Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .control(op.control())
                .tensor(values)
                .s32(op.block())
                .s64(values.rows())
                .s64(values.columns())
                .s64(values.rowStride()),
            op);
  }

  /** A label out of range sets the failure of the control, if there is one. */
  Runnable softmaxCrossEntropy(Operation.SoftmaxCrossEntropy op, StepControl control) {
    Tensor logits = op.logits();
    long batch = logits.rows();
    long losses = context.scratch(Double.BYTES * batch);
    Runnable rows =
        new Launch("loss", "fl_softmax_cross_entropy_rows", Extent.of(batch), Extent.of(THREADS))
            .bind(
                context,
                new Arguments()
                    .tensor(op.error())
                    .pointer(losses)
                    .pointer(context.refusals().address(Refusals.Kind.LABELS))
                    .tensor(control == null ? null : control.words())
                    .tensor(logits)
                    .tensor(op.labels())
                    .s64(batch)
                    .s64(logits.columns())
                    .s64(op.error().rowStride())
                    .s64(logits.rowStride()),
                op);
    return Launch.sequence(rows, mean(op.loss(), losses, batch, batch, op));
  }

  Runnable meanSquaredError(Operation.MeanSquaredError op) {
    Tensor prediction = op.prediction();
    long elements = prediction.shape().elements();
    long count = parts(elements);
    long sums = context.scratch(Double.BYTES * count);
    Runnable parts =
        new Launch("loss", "fl_mean_squared_error_parts", Extent.of(count), Extent.of(THREADS))
            .bind(
                context,
                new Arguments()
                    .tensor(op.error())
                    .pointer(sums)
                    .tensor(prediction)
                    .tensor(op.target())
                    .tensor(op.weights())
                    .s64(prediction.rows())
                    .s64(prediction.columns())
                    .s64(op.weights() == null ? 1 : op.weights().rows())
                    .s64(op.error().rowStride())
                    .s64(prediction.rowStride())
                    .s64(op.target().rowStride())
                    .s64(op.weights() == null ? 0 : op.weights().rowStride()),
                op);
    return Launch.sequence(parts, mean(op.loss(), sums, count, elements, op));
  }

  private Runnable mean(Tensor loss, long parts, long count, long divisor, Operation op) {
    return new Launch("loss", "fl_loss_mean", Extent.of(1), Extent.of(THREADS))
        .bind(context, new Arguments().tensor(loss).pointer(parts).s64(count).s64(divisor), op);
  }

  /** Partial sums over so many elements: they depend on the extents alone. */
  static long parts(long elements) {
    return Math.min(Extent.blocks(elements, PART), MOST_PARTS);
  }

  /** A grid whose threads take so many elements a block, and stride over what is left. */
  static Extent striding(long n, long perBlock) {
    return Extent.of(Math.min(Extent.blocks(n, perBlock), MOST_BLOCKS));
  }

  /** A thread for each column, a row of blocks for each row. */
  static Extent overColumns(long rows, long columns) {
    return Extent.of(Extent.blocks(columns, THREADS), Math.min(rows, MOST_BLOCKS));
  }
}

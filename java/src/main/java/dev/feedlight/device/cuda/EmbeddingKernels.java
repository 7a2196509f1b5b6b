package dev.feedlight.device.cuda;

import dev.feedlight.device.Gradients;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.Tensor;

/** Tables of rows. */
final class EmbeddingKernels {
  private static final String MODULE = "embedding";
  private static final int THREADS = 256;
  private static final int SORT_THREADS = 1024;

  /** Of an update: a thread has four columns of a row. */
  private static final Extent UPDATE_BLOCK = Extent.of(32, 8);

  private static final int UPDATE_COLUMNS = 128;

  private final CudaContext context;

  EmbeddingKernels(CudaContext context) {
    this.context = context;
  }

  private long status() {
    return context.refusals().address(Refusals.Kind.TOKENS);
  }

  Runnable forward(TransformerOperation.EmbeddingForward op, StepControl control) {
    Tensor y = op.y();
    return new Launch(
            MODULE,
            "fl_embedding_forward",
            SmallKernels.overColumns(y.rows(), y.columns()),
            Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .tensor(y)
                .pointer(status())
                .tensor(control == null ? null : control.words())
                .tensor(op.tokens())
                .tensor(op.tokenTable().value())
                .tensor(op.positionTable().value())
                .s64(op.tokenTable().shape().rows())
                .s64(op.positionTable().shape().rows())
                .s64(y.rows())
                .s64(y.columns())
                .s64(y.rowStride()),
            op);
  }

  /** Which rows have which token: what fl_token_sort of kernels/embedding.cu makes, in scratch. */
  private record TokenRows(long runs, long order, long spare) {
    /** The rows of a table of positions, which need not be sorted. */
    static final TokenRows OF_POSITIONS = new TokenRows(0, 0, 0);

    static TokenRows in(CudaContext context, TransformerOperation.EmbeddingUpdate op) {
      long runs = Math.multiplyExact(2L * Integer.BYTES, op.tokenTable().shape().rows());
      long rows = Math.multiplyExact((long) Integer.BYTES, op.tokens().rows());
      long address = context.scratch(Math.addExact(runs, 2 * rows));
      return new TokenRows(address, address + runs, address + runs + rows);
    }
  }

  Runnable update(TransformerOperation.EmbeddingUpdate op) {
    TokenRows sorted = TokenRows.in(context, op);
    Runnable sort =
        new Launch(MODULE, "fl_token_sort", Extent.of(1), Extent.of(SORT_THREADS))
            .bind(
                context,
                new Arguments()
                    .pointer(sorted.runs)
                    .pointer(sorted.order)
                    .pointer(sorted.spare)
                    .pointer(status())
                    .tensor(op.tokens())
                    .s64(op.tokenTable().shape().rows())
                    .s64(op.tokens().rows()),
                op);
    return Launch.sequence(
        sort,
        update(op, op.tokenTable(), sorted),
        update(op, op.positionTable(), TokenRows.OF_POSITIONS));
  }

  private Runnable update(
      TransformerOperation.EmbeddingUpdate op, Parameter table, TokenRows sorted) {
    return switch (op.target()) {
      case UpdateTarget.Apply(Optimizer optimizer) -> {
        Arguments arguments = GradientUpdate.parameter(new Arguments(), table);
        GradientRule.step(optimizer, table).appendTo(operands(arguments, op, sorted));
        yield launch("fl_embedding_update", op, table, arguments);
      }
      case UpdateTarget.Accumulate(Gradients gradients, float beta) -> {
        Arguments arguments = new Arguments().tensor(gradients.of(table));
        operands(arguments, op, sorted).f32(beta);
        yield launch("fl_embedding_update_accumulate", op, table, arguments);
      }
    };
  }

  private Arguments operands(
      Arguments arguments, TransformerOperation.EmbeddingUpdate op, TokenRows sorted) {
    return arguments
        .pointer(sorted.order)
        .pointer(sorted.runs)
        .tensor(op.dy())
        .pointer(status())
        .control(op.control());
  }

  private Runnable launch(
      String function,
      TransformerOperation.EmbeddingUpdate op,
      Parameter table,
      Arguments arguments) {
    long rows = table.shape().rows();
    long columns = table.shape().columns();
    arguments.s64(rows).s64(op.dy().rows()).s64(columns).s64(op.dy().rowStride());
    Extent grid =
        Extent.of(
            Extent.blocks(columns, UPDATE_COLUMNS),
            Math.min(Extent.blocks(rows, UPDATE_BLOCK.y()), SmallKernels.MOST_BLOCKS));
    return new Launch(MODULE, function, grid, UPDATE_BLOCK).bind(context, arguments, op);
  }
}

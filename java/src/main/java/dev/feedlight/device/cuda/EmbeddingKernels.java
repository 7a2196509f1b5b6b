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

  Runnable update(TransformerOperation.EmbeddingUpdate op) {
    Runnable check =
        new Launch(MODULE, "fl_token_check", Extent.of(1), Extent.of(THREADS))
            .bind(
                context,
                new Arguments()
                    .pointer(status())
                    .tensor(op.tokens())
                    .s64(op.tokenTable().shape().rows())
                    .s64(op.tokens().rows()),
                op);
    return Launch.sequence(
        check, update(op, op.tokenTable(), op.tokens()), update(op, op.positionTable(), null));
  }

  /** One table; without tokens, that of positions. */
  private Runnable update(TransformerOperation.EmbeddingUpdate op, Parameter table, Tensor tokens) {
    return switch (op.target()) {
      case UpdateTarget.Apply(Optimizer optimizer) -> {
        Arguments arguments = GradientUpdate.parameter(new Arguments(), table);
        GradientRule.step(optimizer, table).appendTo(operands(arguments, op, tokens));
        yield launch("fl_embedding_update", op, table, arguments);
      }
      case UpdateTarget.Accumulate(Gradients gradients, float beta) -> {
        Arguments arguments = new Arguments().tensor(gradients.of(table));
        operands(arguments, op, tokens).f32(beta);
        yield launch("fl_embedding_update_accumulate", op, table, arguments);
      }
    };
  }

  private Arguments operands(
      Arguments arguments, TransformerOperation.EmbeddingUpdate op, Tensor tokens) {
    return arguments.tensor(tokens).tensor(op.dy()).pointer(status()).control(op.control());
  }

  private Runnable launch(
      String function,
      TransformerOperation.EmbeddingUpdate op,
      Parameter table,
      Arguments arguments) {
    long columns = table.shape().columns();
    arguments.s64(table.shape().rows()).s64(op.dy().rows()).s64(columns).s64(op.dy().rowStride());
    return new Launch(
            MODULE,
            function,
            SmallKernels.overColumns(table.shape().rows(), columns),
            Extent.of(THREADS))
        .bind(context, arguments, op);
  }
}

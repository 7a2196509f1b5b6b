package dev.feedlight.device;

import static dev.feedlight.device.Checks.require;
import static dev.feedlight.device.Checks.shape;
import static dev.feedlight.device.Checks.type;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** Whether the operands of a {@link TransformerOperation} fit each other; targets apart. */
final class TransformerChecks {
  private TransformerChecks() {}

  /**
   * Refuses operands that do not fit.
   *
   * @return the operation
   */
  static TransformerOperation checked(TransformerOperation operation) {
    switch (operation) {
      case TransformerOperation.LayerNormForward op -> {
        same("y", op.y(), "x", op.x());
        if (op.residual() != null) {
          same("residual", op.residual(), "x", op.x());
        }
        statistics(op.x(), op.mean(), op.rstd());
        require(
            (op.gain() == null) == (op.bias() == null),
            () -> "a normalisation has both a gain and a bias, or neither");
        if (op.gain() != null) {
          vector(op.gain(), op.x());
          vector(op.bias(), op.x());
        }
      }
      case TransformerOperation.LayerNormBackward op -> {
        same("dx", op.dx(), "x", op.x());
        same("dy", op.dy(), "x", op.x());
        if (op.residual() != null) {
          same("residual", op.residual(), "x", op.x());
        }
        statistics(op.x(), op.mean(), op.rstd());
        if (op.gain() != null) {
          vector(op.gain(), op.x());
        }
      }
      case TransformerOperation.LayerNormUpdate op -> {
        same("dy", op.dy(), "x", op.x());
        statistics(op.x(), op.mean(), op.rstd());
        vector(op.gain(), op.x());
        vector(op.bias(), op.x());
      }
      case TransformerOperation.AttentionForward op ->
          attention(op.y(), op.logSumExp(), op.qkv(), op.layout());
      case TransformerOperation.AttentionDecode op -> decode(op.y(), op.qkv(), op.layout());
      case TransformerOperation.AttentionBackward op -> {
        attention(op.y(), op.logSumExp(), op.qkv(), op.layout());
        same("dy", op.dy(), "y", op.y());
        same("dqkv", op.dqkv(), "qkv", op.qkv());
      }
      case TransformerOperation.EmbeddingForward op ->
          embedding(op.y(), op.tokens(), op.tokenTable(), op.positionTable());
      case TransformerOperation.EmbeddingUpdate op ->
          embedding(op.dy(), op.tokens(), op.tokenTable(), op.positionTable());
      case TransformerOperation.ResidualAdd op -> {
        same("x", op.x(), "sum", op.sum());
        same("y", op.y(), "sum", op.sum());
      }
    }
    return operation;
  }

  /** Two matrices of floats and of one shape. */
  private static void same(String what, Tensor tensor, String model, Tensor expected) {
    type(what, tensor, DType.F32);
    type(model, expected, DType.F32);
    shape(what, tensor.shape(), expected.shape());
  }

  private static void statistics(Tensor x, Tensor mean, Tensor rstd) {
    type("mean", mean, DType.F32);
    type("rstd", rstd, DType.F32);
    shape("mean", mean.shape(), Shape.vector(x.rows()));
    shape("rstd", rstd.shape(), Shape.vector(x.rows()));
  }

  private static void vector(Parameter parameter, Tensor x) {
    shape("parameter " + parameter.name(), parameter.shape(), Shape.vector(x.columns()));
  }

  private static void attention(Tensor y, Tensor logSumExp, Tensor qkv, AttentionLayout layout) {
    type("y", y, DType.F32);
    type("log-sum-exp", logSumExp, DType.F32);
    type("qkv", qkv, DType.F32);
    sequences(y, layout.context());
    heads(y, layout);
    shape("qkv", qkv.shape(), new Shape(y.rows(), Math.multiplyExact(3, y.columns())));
    shape("log-sum-exp", logSumExp.shape(), new Shape(y.rows(), layout.heads()));
  }

  private static void decode(Tensor y, Tensor qkv, AttentionLayout layout) {
    type("y", y, DType.F32);
    type("qkv", qkv, DType.F32);
    heads(y, layout);
    shape(
        "qkv",
        qkv.shape(),
        new Shape(
            Math.multiplyExact(y.rows(), layout.context()), Math.multiplyExact(3, y.columns())));
  }

  private static void heads(Tensor y, AttentionLayout layout) {
    require(
        y.columns() % layout.heads() == 0,
        () -> "a width of " + y.columns() + " cannot be cut into " + layout.heads() + " heads");
  }

  private static void embedding(
      Tensor rows, Tensor tokens, Parameter tokenTable, Parameter positionTable) {
    type("embedded tokens", rows, DType.F32);
    type("tokens", tokens, DType.S32);
    shape("tokens", tokens.shape(), new Shape(rows.rows(), 1));
    Checks.contiguous("tokens", tokens);
    table(tokenTable, rows);
    table(positionTable, rows);
    sequences(rows, positionTable.shape().rows());
  }

  private static void table(Parameter table, Tensor rows) {
    shape(
        "parameter " + table.name(),
        table.shape(),
        new Shape(table.shape().rows(), rows.columns()));
  }

  private static void sequences(Tensor tokens, long context) {
    require(
        tokens.rows() % context == 0,
        () -> tokens.rows() + " tokens are no whole sequences of " + context);
  }
}

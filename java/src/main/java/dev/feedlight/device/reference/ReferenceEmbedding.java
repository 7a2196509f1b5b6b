package dev.feedlight.device.reference;

import dev.feedlight.device.Parameter;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;

/** Tables of rows, and the sum of two matrices. */
final class ReferenceEmbedding {
  private ReferenceEmbedding() {}

  static void forward(TransformerOperation.EmbeddingForward op) {
    Cells y = new Cells(op.y());
    Cells table = new Cells(op.tokenTable().value());
    Cells positions = new Cells(op.positionTable().value());
    int[] tokens = tokens(op.tokens(), op.tokenTable());
    for (int row = 0; row < tokens.length; row++) {
      for (long column = 0; column < y.columns(); column++) {
        double position = positions.real(row % positions.rows(), column);
        y.put(row, column, (float) (table.real(tokens[row], column) + position));
      }
    }
  }

  static void update(TransformerOperation.EmbeddingUpdate op) {
    ControlWords words = new ControlWords(op.control());
    if (words.failed()) {
      return;
    }
    int[] tokens = tokens(op.tokens(), op.tokenTable());
    int[] positions = new int[tokens.length];
    for (int row = 0; row < positions.length; row++) {
      positions[row] = (int) (row % op.positionTable().shape().rows());
    }
    update(tokens, op.dy(), op.tokenTable(), op, words);
    update(positions, op.dy(), op.positionTable(), op, words);
  }

  private static void update(
      int[] numbers,
      Tensor dy,
      Parameter table,
      TransformerOperation.EmbeddingUpdate op,
      ControlWords words) {
    ReferenceTarget target = ReferenceTarget.of(op.target(), table, words);
    Cells signal = new Cells(dy);
    for (long number = 0; number < table.shape().rows(); number++) {
      for (long column = 0; column < signal.columns(); column++) {
        double sum = 0;
        for (int row = 0; row < numbers.length; row++) {
          sum += numbers[row] == number ? signal.real(row, column) : 0;
        }
        target.accept(number, column, sum);
      }
    }
  }

  static void add(TransformerOperation.ResidualAdd op) {
    Cells sum = new Cells(op.sum());
    Cells x = new Cells(op.x());
    Cells y = new Cells(op.y());
    for (long row = 0; row < sum.rows(); row++) {
      for (long column = 0; column < sum.columns(); column++) {
        sum.put(row, column, (float) ((double) x.real(row, column) + y.real(row, column)));
      }
    }
  }

  private static int[] tokens(Tensor tokens, Parameter table) {
    Cells cells = new Cells(tokens);
    int[] values = new int[Math.toIntExact(cells.rows())];
    for (int row = 0; row < values.length; row++) {
      values[row] = cells.integer(row, 0);
      if (values[row] < 0 || values[row] >= table.shape().rows()) {
        throw new ShapeException(
            "token "
                + values[row]
                + " of row "
                + row
                + " does not lie in [0, "
                + table.shape().rows()
                + ")");
      }
    }
    return values;
  }
}

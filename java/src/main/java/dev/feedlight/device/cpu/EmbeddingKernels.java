package dev.feedlight.device.cpu;

import dev.feedlight.device.Parameter;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;

/** Tables of rows, and the sum of two matrices. */
final class EmbeddingKernels {
  /** Parts of an update start at whole cache lines. */
  private static final long STEP = 16;

  private final CpuContext context;
  private final Loops loops;

  EmbeddingKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  Runnable forward(TransformerOperation.EmbeddingForward op) {
    Tensor y = op.y();
    Tensor table = op.tokenTable().value();
    Tensor positions = op.positionTable().value();
    return context.overRange(
        y.rows(),
        1,
        y.shape().elements(),
        (_, begin, end) -> {
          for (long row = begin; row < end; row++) {
            loops
                .transformer()
                .add(
                    LinearKernels.address(y, row, 0),
                    LinearKernels.address(table, token(op.tokens(), row, table.rows()), 0),
                    LinearKernels.address(positions, row % positions.rows(), 0),
                    y.columns());
          }
        });
  }

  private static int token(Tensor tokens, long row, long vocabulary) {
    int token = CpuAddress.getInt(tokens.address(), row);
    if (token < 0 || token >= vocabulary) {
      throw new ShapeException(
          "token " + token + " of row " + row + " does not lie in [0, " + vocabulary + ")");
    }
    return token;
  }

  /** Columns are split, so that frequent tokens are shared out like the others. */
  Runnable update(TransformerOperation.EmbeddingUpdate op) {
    Tensor dy = op.dy();
    long control = op.control().words().address();
    RowsOfTokens rows = new RowsOfTokens(op.tokens(), op.tokenTable());
    long positions = op.positionTable().shape().rows();
    context.reserveScratch(4 * dy.columns());
    Runnable all =
        context.overRange(
            dy.columns(),
            STEP,
            dy.shape().elements(),
            (thread, begin, end) -> {
              long sums = context.scratch(thread);
              for (int token = 0; token < rows.vocabulary(); token++) {
                CpuAddress.zeroFloats(sums, end - begin);
                for (int i = rows.begin(token); i < rows.begin(token + 1); i++) {
                  add(sums, dy, rows.row(i), begin, end);
                }
                take(op, op.tokenTable(), token, sums, begin, end);
              }
              for (long position = 0; position < positions; position++) {
                CpuAddress.zeroFloats(sums, end - begin);
                for (long row = position; row < dy.rows(); row += positions) {
                  add(sums, dy, row, begin, end);
                }
                take(op, op.positionTable(), position, sums, begin, end);
              }
            });
    return () -> {
      if (!StickyFailure.isSet(control)) {
        rows.sort();
        all.run();
      }
    };
  }

  private void add(long sums, Tensor dy, long row, long begin, long end) {
    loops.transformer().add(sums, sums, LinearKernels.address(dy, row, begin), end - begin);
  }

  private void take(
      TransformerOperation.EmbeddingUpdate op,
      Parameter table,
      long row,
      long sums,
      long begin,
      long end) {
    long control = op.control().words().address();
    long first = row * table.shape().columns() + begin;
    OptimizerStep.take(loops, op.target(), table, control, sums, first, end - begin);
  }

  Runnable add(TransformerOperation.ResidualAdd op) {
    Tensor sum = op.sum();
    return context.overRange(
        sum.rows(),
        1,
        sum.shape().elements(),
        (_, begin, end) -> {
          for (long row = begin; row < end; row++) {
            loops
                .transformer()
                .add(
                    LinearKernels.address(sum, row, 0),
                    LinearKernels.address(op.x(), row, 0),
                    LinearKernels.address(op.y(), row, 0),
                    sum.columns());
          }
        });
  }

  /** The rows of each token in ascending order, by counting; the arrays are made once. */
  private static final class RowsOfTokens {
    private final Tensor tokens;
    private final int[] ends;
    private final int[] order;

    RowsOfTokens(Tensor tokens, Parameter table) {
      this.tokens = tokens;
      this.ends = new int[Math.toIntExact(table.shape().rows() + 1)];
      this.order = new int[Math.toIntExact(tokens.rows())];
    }

    int vocabulary() {
      return ends.length - 1;
    }

    /** Sorts the rows by their tokens, once these are known to be in range. */
    void sort() {
      Arrays.fill(ends, 0);
      for (int row = 0; row < order.length; row++) {
        ends[token(tokens, row, vocabulary())]++;
      }
      int end = 0;
      for (int token = 0; token < ends.length; token++) {
        end += ends[token];
        ends[token] = end;
      }
      // From behind, so that a token's rows ascend; ends become beginnings.
      for (int row = order.length - 1; row >= 0; row--) {
        order[--ends[CpuAddress.getInt(tokens.address(), row)]] = row;
      }
    }

    /** Place of a token's first row, that of the next token's where it does not occur. */
    int begin(int token) {
      return ends[token];
    }

    int row(int place) {
      return order[place];
    }
  }
}

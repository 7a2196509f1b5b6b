package dev.feedlight.device.cpu;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Tensor;

/**
 * Attention: each thread takes whole problems of one sequence and head, and of each some queries at
 * a time, whose scores for all keys stay in its cache. Products are dnnl_sgemm on the head's
 * columns where they lie.
 */
final class AttentionKernels {
  /** Queries at a time; ours: 64 x 1000 scores are a quarter of a megabyte. */
  private static final long TILE = 64;

  private final CpuContext context;
  private final TransformerLoops loops;

  AttentionKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops().transformer();
  }

  Runnable forward(TransformerOperation.AttentionForward op) {
    Problems problems = new Problems(op.qkv(), op.layout());
    context.reserveScratch(problems.scoreBytes());
    return context.overRange(
        problems.count(),
        1,
        op.qkv().shape().elements(),
        (thread, begin, end) -> {
          for (long problem = begin; problem < end; problem++) {
            forward(op, problems, problem, context.scratch(thread));
          }
        });
  }

  private void forward(
      TransformerOperation.AttentionForward op, Problems problems, long problem, long scores) {
    Tensor y = op.y();
    Tensor logSumExp = op.logSumExp();
    long row = problems.row(problem);
    long column = problems.column(problem);
    for (long tile = 0; tile < problems.context(); tile += TILE) {
      long rows = Math.min(TILE, problems.context() - tile);
      long keys = problems.keys(tile + rows - 1);
      problems.scores(scores, row, tile, rows, keys, column);
      for (long r = 0; r < rows; r++) {
        long seen = problems.keys(tile + r);
        long line = scores + 4 * r * keys;
        float sum = loops.softmax(line, seen);
        long kept = LinearKernels.address(logSumExp, row + tile + r, problem % op.layout().heads());
        CpuAddress.setFloat(kept, sum);
        CpuAddress.zeroFloats(line + 4 * seen, keys - seen);
      }
      problems.values(y, row + tile, scores, row, rows, keys, column);
    }
  }

  Runnable decode(TransformerOperation.AttentionDecode op) {
    Problems problems = new Problems(op.qkv(), op.layout());
    long keys = problems.context();
    context.reserveScratch(4 * keys);
    return context.overRange(
        problems.count(),
        1,
        op.qkv().shape().elements(),
        (thread, begin, end) -> {
          long scores = context.scratch(thread);
          for (long problem = begin; problem < end; problem++) {
            long row = problems.row(problem);
            long column = problems.column(problem);
            problems.scores(scores, row, keys - 1, 1, keys, column);
            loops.softmax(scores, keys);
            problems.values(op.y(), row / keys, scores, row, 1, keys, column);
          }
        });
  }

  Runnable backward(TransformerOperation.AttentionBackward op) {
    Problems problems = new Problems(op.qkv(), op.layout());
    context.reserveScratch(2 * problems.scoreBytes());
    return context.overRange(
        problems.count(),
        1,
        op.qkv().shape().elements(),
        (thread, begin, end) -> {
          for (long problem = begin; problem < end; problem++) {
            backward(op, problems, problem, context.scratch(thread));
          }
        });
  }

  /** From the last tile to the first: the last one's keys are all keys, so it may overwrite. */
  private void backward(
      TransformerOperation.AttentionBackward op, Problems problems, long problem, long scores) {
    long row = problems.row(problem);
    long column = problems.column(problem);
    long gradient = scores + problems.scoreBytes();
    long last = (problems.context() - 1) / TILE * TILE;
    for (long tile = last; tile >= 0; tile -= TILE) {
      long rows = Math.min(TILE, problems.context() - tile);
      long keys = problems.keys(tile + rows - 1);
      problems.scores(scores, row, tile, rows, keys, column);
      scoreGradient(op, problems, problem, tile, rows, scores, gradient);
      float beta = tile == last ? 0 : 1;
      intoGradients(op, problems, problem, tile, rows, scores, gradient, beta);
    }
  }

  /** From scores to P, and dS behind them. */
  private void scoreGradient(
      TransformerOperation.AttentionBackward op,
      Problems problems,
      long problem,
      long tile,
      long rows,
      long scores,
      long gradient) {
    Tensor dy = op.dy();
    long row = problems.row(problem);
    long column = problems.column(problem);
    long keys = problems.keys(tile + rows - 1);
    context
        .oneDnn()
        .sgemm(
            false,
            true,
            rows,
            keys,
            problems.headWidth(),
            1,
            LinearKernels.address(dy, row + tile, column),
            dy.rowStride(),
            problems.value(row, column),
            op.qkv().rowStride(),
            0,
            gradient,
            keys);
    for (long r = 0; r < rows; r++) {
      long token = row + tile + r;
      double mean =
          loops.dot(
              LinearKernels.address(dy, token, column),
              LinearKernels.address(op.y(), token, column),
              problems.headWidth());
      long seen = problems.keys(tile + r);
      long line = 4 * r * keys;
      long kept = LinearKernels.address(op.logSumExp(), token, problem % op.layout().heads());
      loops.softmaxGradient(
          scores + line,
          gradient + line,
          seen,
          CpuAddress.getFloat(kept),
          (float) mean,
          problems.scale());
      CpuAddress.zeroFloats(scores + line + 4 * seen, keys - seen);
      CpuAddress.zeroFloats(gradient + line + 4 * seen, keys - seen);
    }
  }

  /** {@code dQ = dS K, dK = beta dK + dS^T Q, dV = beta dV + P^T dy}. */
  private void intoGradients(
      TransformerOperation.AttentionBackward op,
      Problems problems,
      long problem,
      long tile,
      long rows,
      long p,
      long ds,
      float beta) {
    long row = problems.row(problem);
    long column = problems.column(problem);
    long width = op.y().columns();
    long keys = problems.keys(tile + rows - 1);
    long stride = op.qkv().rowStride();
    Tensor out = op.dqkv();
    OneDnn products = context.oneDnn();
    products.sgemm(
        false,
        false,
        rows,
        problems.headWidth(),
        keys,
        1,
        ds,
        keys,
        LinearKernels.address(op.qkv(), row, width + column),
        stride,
        0,
        LinearKernels.address(out, row + tile, column),
        out.rowStride());
    products.sgemm(
        true,
        false,
        keys,
        problems.headWidth(),
        rows,
        1,
        ds,
        keys,
        LinearKernels.address(op.qkv(), row + tile, column),
        stride,
        beta,
        LinearKernels.address(out, row, width + column),
        out.rowStride());
    products.sgemm(
        true,
        false,
        keys,
        problems.headWidth(),
        rows,
        1,
        p,
        keys,
        LinearKernels.address(op.dy(), row + tile, column),
        op.dy().rowStride(),
        beta,
        LinearKernels.address(out, row, 2 * width + column),
        out.rowStride());
  }

  /** The problems of one sequence and head, numbered head by head within a sequence. */
  private final class Problems {
    private final Tensor qkv;
    private final AttentionLayout layout;
    private final long width;

    Problems(Tensor qkv, AttentionLayout layout) {
      this.qkv = qkv;
      this.layout = layout;
      this.width = qkv.columns() / 3;
    }

    long count() {
      return qkv.rows() / layout.context() * layout.heads();
    }

    long context() {
      return layout.context();
    }

    long headWidth() {
      return width / layout.heads();
    }

    float scale() {
      return (float) (1 / Math.sqrt((double) headWidth()));
    }

    /** First token of a problem. */
    long row(long problem) {
      return problem / layout.heads() * layout.context();
    }

    /** First column of a problem's queries. */
    long column(long problem) {
      return problem % layout.heads() * headWidth();
    }

    /** Keys that the query at a position sees, the first ones of its sequence. */
    long keys(long position) {
      return layout.mask() == Mask.CAUSAL ? position + 1 : layout.context();
    }

    long scoreBytes() {
      return 4 * Math.min(TILE, layout.context()) * layout.context();
    }

    /** Address of a problem's values. */
    long value(long row, long column) {
      return LinearKernels.address(qkv, row, 2 * width + column);
    }

    /** Scores of a tile's queries for the first keys, rows x keys. */
    void scores(long scores, long row, long tile, long rows, long keys, long column) {
      context
          .oneDnn()
          .sgemm(
              false,
              true,
              rows,
              keys,
              headWidth(),
              scale(),
              LinearKernels.address(qkv, row + tile, column),
              qkv.rowStride(),
              LinearKernels.address(qkv, row, width + column),
              qkv.rowStride(),
              0,
              scores,
              keys);
    }

    /** A tile's probabilities, rows x keys, times the values, into rows of y. */
    void values(Tensor y, long to, long p, long row, long rows, long keys, long column) {
      context
          .oneDnn()
          .sgemm(
              false,
              false,
              rows,
              headWidth(),
              keys,
              1,
              p,
              keys,
              LinearKernels.address(qkv, row, 2 * width + column),
              qkv.rowStride(),
              0,
              LinearKernels.address(y, to, column),
              y.rowStride());
    }
  }
}

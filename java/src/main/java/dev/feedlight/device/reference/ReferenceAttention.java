package dev.feedlight.device.reference;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Tensor;

/** Attention of one sequence and head at a time, the probabilities one row at a time. */
final class ReferenceAttention {
  private final Cells qkv;
  private final AttentionLayout layout;
  private final long width;
  private final long headWidth;
  private final double scale;

  private ReferenceAttention(Tensor qkv, AttentionLayout layout) {
    this.qkv = new Cells(qkv);
    this.layout = layout;
    this.width = qkv.columns() / 3;
    this.headWidth = width / layout.heads();
    this.scale = 1 / Math.sqrt((double) headWidth);
  }

  static void forward(TransformerOperation.AttentionForward op) {
    ReferenceAttention attention = new ReferenceAttention(op.qkv(), op.layout());
    Cells y = new Cells(op.y());
    Cells logSumExp = new Cells(op.logSumExp());
    for (long query = 0; query < y.rows(); query++) {
      for (long head = 0; head < op.layout().heads(); head++) {
        logSumExp.put(query, head, (float) attention.forward(y, query, query, head));
      }
    }
  }

  static void decode(TransformerOperation.AttentionDecode op) {
    ReferenceAttention attention = new ReferenceAttention(op.qkv(), op.layout());
    Cells y = new Cells(op.y());
    for (long sequence = 0; sequence < y.rows(); sequence++) {
      long last = (sequence + 1) * op.layout().context() - 1;
      for (long head = 0; head < op.layout().heads(); head++) {
        attention.forward(y, sequence, last, head);
      }
    }
  }

  /** One head of one query into a row of y; returns the log-sum-exp. */
  private double forward(Cells y, long row, long query, long head) {
    long first = firstKey(query);
    double[] scores = new double[Math.toIntExact(endKey(query) - first)];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score(query, first + i, head);
      largest = Math.max(largest, scores[i]);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - largest);
      sum += scores[i];
    }
    for (long c = 0; c < headWidth; c++) {
      double value = 0;
      for (int i = 0; i < scores.length; i++) {
        value += scores[i] / sum * value(first + i, head, c);
      }
      y.put(row, head * headWidth + c, (float) value);
    }
    return largest + Math.log(sum);
  }

  static void backward(TransformerOperation.AttentionBackward op) {
    ReferenceAttention attention = new ReferenceAttention(op.qkv(), op.layout());
    Cells logSumExp = new Cells(op.logSumExp());
    Cells y = new Cells(op.y());
    Cells dy = new Cells(op.dy());
    Cells out = new Cells(op.dqkv());
    double[][] gradient = new double[Math.toIntExact(y.rows())][(int) out.columns()];
    for (long query = 0; query < y.rows(); query++) {
      for (long head = 0; head < op.layout().heads(); head++) {
        attention.backward(gradient, dy, y, logSumExp, query, head);
      }
    }
    for (int row = 0; row < gradient.length; row++) {
      for (int column = 0; column < gradient[row].length; column++) {
        out.put(row, column, (float) gradient[row][column]);
      }
    }
  }

  private void backward(
      double[][] gradient, Cells dy, Cells y, Cells logSumExp, long query, long head) {
    double mean = 0;
    for (long c = head * headWidth; c < (head + 1) * headWidth; c++) {
      mean += (double) dy.real(query, c) * y.real(query, c);
    }
    for (long key = firstKey(query); key < endKey(query); key++) {
      double p = Math.exp(score(query, key, head) - logSumExp.real(query, head));
      double dp = 0;
      for (long c = 0; c < headWidth; c++) {
        dp += (double) dy.real(query, head * headWidth + c) * value(key, head, c);
      }
      double ds = scale * p * (dp - mean);
      for (int c = 0; c < headWidth; c++) {
        int q = (int) (head * headWidth + c);
        int k = (int) (width + q);
        gradient[(int) query][q] += ds * qkv.real(key, k);
        gradient[(int) key][k] += ds * qkv.real(query, q);
        gradient[(int) key][(int) (width + k)] += p * dy.real(query, q);
      }
    }
  }

  private long firstKey(long query) {
    return query / layout.context() * layout.context();
  }

  private long endKey(long query) {
    return switch (layout.mask()) {
      case CAUSAL -> query + 1;
      case FULL -> firstKey(query) + layout.context();
    };
  }

  private double score(long query, long key, long head) {
    double sum = 0;
    for (long c = head * headWidth; c < (head + 1) * headWidth; c++) {
      sum += (double) qkv.real(query, c) * qkv.real(key, width + c);
    }
    return scale * sum;
  }

  private double value(long key, long head, long c) {
    return qkv.real(key, 2 * width + head * headWidth + c);
  }
}

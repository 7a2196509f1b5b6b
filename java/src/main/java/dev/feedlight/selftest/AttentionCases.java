package dev.feedlight.selftest;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Cases of attention, forward and backward. */
final class AttentionCases {
  /**
   * Extents of an attention problem.
   *
   * @param sequences how many
   * @param context tokens of each
   * @param heads how many
   * @param headWidth columns of each
   */
  private record Extents(int sequences, int context, int heads, int headWidth) {
    @Override
    public String toString() {
      return sequences + " x " + context + " tokens, " + heads + " heads of " + headWidth;
    }
  }

  private static final List<Extents> EXTENTS =
      List.of(
          new Extents(1, 1, 1, 1),
          new Extents(2, 1, 3, 5),
          new Extents(1, 2, 1, 7),
          new Extents(3, 5, 2, 3),
          new Extents(2, 7, 3, 1),
          new Extents(1, 16, 1, 16),
          new Extents(2, 24, 2, 32),
          new Extents(1, 24, 1, 120),
          new Extents(1, 31, 2, 13),
          new Extents(1, 32, 1, 8),
          new Extents(1, 33, 1, 64),
          new Extents(2, 65, 1, 17),
          // More than two tiles of queries and of keys, the last ones not full.
          new Extents(1, 131, 2, 33));

  private AttentionCases() {}

  static void addTo(CaseList cases) {
    for (Extents extents : EXTENTS) {
      for (Mask mask : Mask.values()) {
        for (Layout layout : Layout.values()) {
          add(cases, extents, mask, layout, 1);
        }
      }
    }
    for (Mask mask : Mask.values()) {
      add(cases, new Extents(1, 24, 2, 32), mask, Layout.DENSE, 10);
      add(cases, new Extents(1, 24, 2, 32), mask, Layout.DENSE, 1e-3);
      add(cases, new Extents(1, 17, 2, 4), mask, Layout.DENSE, 0);
    }
    // The widest head that every backend takes.
    add(cases, new Extents(1, 35, 1, 256), Mask.CAUSAL, Layout.DENSE, 0.5);
  }

  private static void add(CaseList cases, Extents extents, Mask mask, Layout layout, double scale) {
    String variant = mask + " " + layout + (scale == 1 ? "" : " qkv scaled by " + scale);
    cases.add(
        TransformerOperation.AttentionForward.class,
        extents.toString(),
        variant,
        bench -> new Operands(bench, extents, mask, layout, scale).forward());
    if (mask == Mask.CAUSAL) { // the last token sees all under every mask
      cases.add(
          TransformerOperation.AttentionDecode.class,
          extents.toString(),
          variant,
          bench -> new Operands(bench, extents, mask, layout, scale).decode());
    }
    cases.add(
        TransformerOperation.AttentionBackward.class,
        extents.toString(),
        variant,
        bench -> new Operands(bench, extents, mask, layout, scale).backward());
  }

  /** Host values and tensors of one case. */
  private static final class Operands {
    private static final String REASON =
        "scores are sums over the head; exp to 2e-6 of arguments as far off; "
            + Rounding.SUM_REASON;

    private final Workbench bench;
    private final Layout layout;
    private final AttentionLayout attention;
    private final int rows;
    private final int width;
    private final Matrix qkv;

    Operands(Workbench bench, Extents extents, Mask mask, Layout layout, double scale) {
      this.bench = bench;
      this.layout = layout;
      this.attention = new AttentionLayout(extents.heads(), extents.context(), mask);
      this.rows = extents.sequences() * extents.context();
      this.width = extents.heads() * extents.headWidth();
      this.qkv = bench.values().uniform(rows, 3 * width).map(value -> scale * value);
    }

    void forward() {
      Tensor in = bench.floats("qkv", layout, qkv);
      Once<AttentionBounds> bounds = new Once<>(() -> new AttentionBounds(qkv, attention));
      Tensor y =
          bench.result(
              "y",
              layout,
              new Shape(rows, width),
              Tolerance.bounded(REASON, () -> bounds.get().valueBounds()));
      Tensor logSumExp =
          bench.result(
              "log-sum-exp",
              layout,
              new Shape(rows, attention.heads()),
              Tolerance.bounded(REASON, () -> bounds.get().logSumExpBounds()));
      bench.issue(ops -> ops.attentionForward(y, logSumExp, in, attention));
    }

    void decode() {
      Tensor in = bench.floats("qkv", layout, qkv);
      Tensor y =
          bench.result(
              "y",
              layout,
              new Shape(rows / attention.context(), width),
              Tolerance.bounded(
                  REASON, () -> lastOfEach(new AttentionBounds(qkv, attention).valueBounds())));
      bench.issue(ops -> ops.attentionDecode(y, in, attention));
    }

    /** Of values for every token, those of the last one of each sequence. */
    private double[] lastOfEach(double[] all) {
      int context = (int) attention.context();
      double[] last = new double[all.length / context];
      for (int sequence = 0; sequence < rows / context; sequence++) {
        int from = ((sequence + 1) * context - 1) * width;
        System.arraycopy(all, from, last, sequence * width, width);
      }
      return last;
    }

    void backward() {
      AttentionBounds forward = new AttentionBounds(qkv, attention);
      Matrix kept = forward.values();
      Matrix sums = forward.logSumExp();
      Matrix signal = bench.values().uniform(rows, width);
      Tensor in = bench.floats("qkv", layout, qkv);
      Tensor y = bench.floats("y", layout, kept);
      Tensor logSumExp = bench.floats("log-sum-exp", layout, sums);
      Tensor dy = bench.floats("dy", layout, signal);
      Tensor dqkv =
          bench.result(
              "dqkv",
              layout,
              qkv.shape(),
              Tolerance.bounded(REASON, () -> forward.gradientBounds(kept, sums, signal)));
      bench.issue(ops -> ops.attentionBackward(dqkv, dy, y, logSumExp, in, attention));
    }
  }
}

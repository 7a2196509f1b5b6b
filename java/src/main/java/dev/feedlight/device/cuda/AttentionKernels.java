package dev.feedlight.device.cuda;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Tensor;

/** Attention, forward and backward; see kernels/attention.cu. */
final class AttentionKernels {
  /** Columns of the widest head: eight sums of a thread, in 32 lanes. */
  static final long WIDEST_HEAD = 256;

  private static final String MODULE = "attention";
  private static final long TILE = 32;
  private static final Extent BLOCK = Extent.of(32, 8);

  /** Floats of a tile of weights, at its pitch. */
  private static final long WEIGHTS = TILE * (TILE + 1);

  private final CudaContext context;

  AttentionKernels(CudaContext context) {
    this.context = context;
  }

  Runnable forward(TransformerOperation.AttentionForward op) {
    Arguments arguments = new Arguments().tensor(op.y()).tensor(op.logSumExp()).tensor(op.qkv());
    layout(arguments, op.y(), op.layout())
        .s64(op.y().rowStride())
        .s64(op.logSumExp().rowStride())
        .s64(op.qkv().rowStride());
    return launch("fl_attention_forward", op.y(), op.layout(), 3, 1).bind(context, arguments, op);
  }

  /** A block for each head and sequence, with the heads' sums of its warps. */
  Runnable decode(TransformerOperation.AttentionDecode op) {
    long headWidth = op.y().columns() / op.layout().heads();
    Arguments arguments =
        new Arguments()
            .tensor(op.y())
            .tensor(op.qkv())
            .f32(scale(headWidth))
            .s64(op.layout().context())
            .s64(op.layout().heads())
            .s64(headWidth)
            .s64(op.y().rowStride())
            .s64(op.qkv().rowStride());
    long blocks = Math.multiplyExact(op.y().rows(), op.layout().heads());
    return new Launch(MODULE, "fl_attention_decode", Extent.of(blocks), BLOCK, 0)
        .bind(context, arguments, op);
  }

  /** Queries first, which leave the dots of dy and y for the keys. */
  Runnable backward(TransformerOperation.AttentionBackward op) {
    long dots = context.scratch(Float.BYTES * op.logSumExp().shape().elements());
    Arguments queries =
        new Arguments()
            .tensor(op.dqkv())
            .pointer(dots)
            .tensor(op.dy())
            .tensor(op.y())
            .tensor(op.logSumExp())
            .tensor(op.qkv());
    layout(queries, op.y(), op.layout())
        .s64(op.dqkv().rowStride())
        .s64(op.dy().rowStride())
        .s64(op.y().rowStride())
        .s64(op.logSumExp().rowStride())
        .s64(op.qkv().rowStride());
    Arguments keys =
        new Arguments()
            .tensor(op.dqkv())
            .pointer(dots)
            .tensor(op.dy())
            .tensor(op.logSumExp())
            .tensor(op.qkv());
    layout(keys, op.y(), op.layout())
        .s64(op.dqkv().rowStride())
        .s64(op.dy().rowStride())
        .s64(op.logSumExp().rowStride())
        .s64(op.qkv().rowStride());
    return Launch.sequence(
        launch("fl_attention_backward_queries", op.y(), op.layout(), 4, 1)
            .bind(context, queries, op),
        launch("fl_attention_backward_keys", op.y(), op.layout(), 4, 2).bind(context, keys, op));
  }

  private static float scale(long headWidth) {
    return (float) (1 / Math.sqrt((double) headWidth));
  }

  private static Arguments layout(Arguments arguments, Tensor y, AttentionLayout layout) {
    long headWidth = y.columns() / layout.heads();
    return arguments
        .flag(layout.mask() == Mask.CAUSAL)
        .f32(scale(headWidth))
        .s64(layout.context())
        .s64(layout.heads())
        .s64(headWidth);
  }

  /** A block for each tile, head and sequence, with so many tiles of a head and of weights. */
  private static Launch launch(
      String function, Tensor y, AttentionLayout layout, int tiles, int weights) {
    long sequences = y.rows() / layout.context();
    long blocks =
        Math.multiplyExact(Extent.blocks(layout.context(), TILE), layout.heads() * sequences);
    long pitch = y.columns() / layout.heads() | 1;
    int shared = Math.toIntExact(Float.BYTES * (tiles * TILE * pitch + weights * WEIGHTS));
    return new Launch(MODULE, function, Extent.of(blocks), BLOCK, shared);
  }
}

package dev.feedlight.device.cuda;

import dev.feedlight.device.AttentionLayout;
import dev.feedlight.device.AttentionLayout.Mask;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.tensor.Tensor;

/** Attention, forward, backward and of one more token; see kernels/attention.cu. */
final class AttentionKernels {
  /** Columns of the widest head: eight sums of a thread, in 32 lanes. */
  private static final long WIDEST_HEAD = 256;

  private static final String MODULE = "attention";
  private static final long TILE = 32;
  private static final Extent BLOCK = Extent.of(32, 8);

  /** Floats of a tile of weights, at its pitch. */
  private static final long WEIGHTS = TILE * (TILE + 1);

  /** What a kernel keeps in shared memory: so many tiles of a head, and of weights. */
  private record Room(int heads, int weights) {
    static final Room FORWARD = new Room(3, 1);
    static final Room QUERIES = new Room(4, 1);
    static final Room KEYS = new Room(4, 2);

    /** None that grows with the head. */
    static final Room DECODE = new Room(0, 0);

    long bytes(long headWidth) {
      return Float.BYTES * (heads * TILE * (headWidth | 1) + weights * WEIGHTS);
    }
  }

  private final CudaContext context;

  AttentionKernels(CudaContext context) {
    this.context = context;
  }

  /** Why an operation cannot be bound, or null. */
  String refusal(TransformerOperation.AttentionForward op) {
    return refusal(headWidth(op.y(), op.layout()), Room.FORWARD);
  }

  /** Why an operation cannot be bound, or null. */
  String refusal(TransformerOperation.AttentionDecode op) {
    return refusal(headWidth(op.y(), op.layout()), Room.DECODE);
  }

  /** Why an operation cannot be bound, or null. */
  String refusal(TransformerOperation.AttentionBackward op) {
    return refusal(headWidth(op.y(), op.layout()), Room.KEYS);
  }

  private String refusal(long headWidth, Room largest) {
    String reason;
    if (headWidth > WIDEST_HEAD) {
      reason = " is wider than the " + WIDEST_HEAD + " of the CUDA kernels";
    } else if (largest.bytes(headWidth) > context.mostSharedBytes()) {
      reason =
          " takes "
              + largest.bytes(headWidth)
              + " bytes of shared memory, and a block on "
              + context.architecture()
              + " has at most "
              + context.mostSharedBytes();
    } else {
      return null;
    }
    return "a head of " + headWidth + " columns" + reason + "; use more heads, or --device cpu";
  }

  Runnable forward(TransformerOperation.AttentionForward op) {
    Arguments arguments = new Arguments().tensor(op.y()).tensor(op.logSumExp()).tensor(op.qkv());
    layout(arguments, op.y(), op.layout())
        .s64(op.y().rowStride())
        .s64(op.logSumExp().rowStride())
        .s64(op.qkv().rowStride());
    return launch("fl_attention_forward", op.y(), op.layout(), Room.FORWARD)
        .bind(context, arguments, op);
  }

  /** A block for each head and sequence. */
  Runnable decode(TransformerOperation.AttentionDecode op) {
    long headWidth = headWidth(op.y(), op.layout());
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
    int shared = Math.toIntExact(Room.DECODE.bytes(headWidth));
    return new Launch(MODULE, "fl_attention_decode", Extent.of(blocks), BLOCK, shared)
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
        launch("fl_attention_backward_queries", op.y(), op.layout(), Room.QUERIES)
            .bind(context, queries, op),
        launch("fl_attention_backward_keys", op.y(), op.layout(), Room.KEYS)
            .bind(context, keys, op));
  }

  private static float scale(long headWidth) {
    return (float) (1 / Math.sqrt((double) headWidth));
  }

  private static Arguments layout(Arguments arguments, Tensor y, AttentionLayout layout) {
    long headWidth = headWidth(y, layout);
    return arguments
        .flag(layout.mask() == Mask.CAUSAL)
        .f32(scale(headWidth))
        .s64(layout.context())
        .s64(layout.heads())
        .s64(headWidth);
  }

  private static long headWidth(Tensor y, AttentionLayout layout) {
    return y.columns() / layout.heads();
  }

  /** A block for each tile, head and sequence. */
  private static Launch launch(String function, Tensor y, AttentionLayout layout, Room room) {
    long sequences = y.rows() / layout.context();
    long blocks =
        Math.multiplyExact(Extent.blocks(layout.context(), TILE), layout.heads() * sequences);
    int shared = Math.toIntExact(room.bytes(headWidth(y, layout)));
    return new Launch(MODULE, function, Extent.of(blocks), BLOCK, shared);
  }
}

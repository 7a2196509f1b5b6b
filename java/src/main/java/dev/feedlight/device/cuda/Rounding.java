package dev.feedlight.device.cuda;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * A matrix that is rounded to bf16: FlRounding of kernels/round_hopper.cu.
 *
 * @param copy what comes of it
 * @param from F32
 * @param saved masks it, see {@link Operation.ActivationGradient}; null for the identity
 * @param activation whose gradient masks it
 */
record Rounding(Bf16Matrix copy, Tensor from, Tensor saved, Activation activation) {
  private static final int THREADS = 256;
  private static final long EIGHT = 8;

  /** A matrix as it is. */
  static Rounding of(Bf16Matrix copy, Tensor from) {
    return new Rounding(copy, from, null, Activation.IDENTITY);
  }

  /** Blocks of the launch. */
  private long tiles() {
    return Extent.blocks(from.rows() * Math.ceilDiv(from.columns(), EIGHT), THREADS);
  }

  private Arguments members(long firstTile) {
    return new Arguments()
        .s64(firstTile)
        .pointer(copy.address())
        .tensor(from)
        .tensor(saved)
        .s64(from.rows())
        .s64(from.columns())
        .s64(copy.stride())
        .stride(from)
        .stride(saved)
        .activation(activation);
  }

  private static Launch launch(String function, long tiles) {
    return new Launch("round_hopper", function, Extent.of(tiles), Extent.of(THREADS));
  }

  /** Binds it. */
  Runnable bind(CudaContext context, Operation operation) {
    return launch("fl_round_bf16", tiles())
        .bind(context, new Arguments().struct(members(0)), operation);
  }

  /** Binds several in one launch. */
  static Runnable bind(CudaContext context, List<Rounding> roundings, Operation operation) {
    LaunchTable table = new LaunchTable(1);
    for (Rounding rounding : roundings) {
      table.add(rounding::members, rounding.tiles());
    }
    return launch("fl_rounds_bf16", table.tiles())
        .bind(
            context,
            new Arguments().pointer(table.address(context)).s64(roundings.size()),
            operation);
  }
}

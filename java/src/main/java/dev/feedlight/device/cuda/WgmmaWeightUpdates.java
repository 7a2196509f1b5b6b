package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Updates of weights by wgmma: operands of which there is no copy in bf16, masked signals among
 * them, are rounded to scratch first, all of them by one launch; a weight's copy is written with
 * it.
 */
final class WgmmaWeightUpdates implements WeightUpdates {
  private static final String MODULE = "update_hopper";
  private static final long ALIGNMENT = 256;

  /** A struct with tensor maps has a multiple of 64 bytes. */
  private static final int STRUCT_WORDS = 8;

  private final CudaContext context;
  private final Bf16Copies.Use copies;

  WgmmaWeightUpdates(CudaContext context, Bf16Copies.Use copies) {
    this.context = context;
    this.copies = copies;
  }

  /** An update with its operands in bf16. */
  private record Rounded(GradientUpdate update, Bf16Matrix signal, Bf16Matrix x) {}

  /** Operands of updates, copies or in scratch, and what rounds the latter. */
  private final class Operands {
    final List<Rounded> updates = new ArrayList<>();
    private final List<Rounding> roundings = new ArrayList<>();
    private long next;

    Operands(List<GradientUpdate> all) {
      long bytes = all.stream().mapToLong(this::scratchBytes).sum();
      next = bytes == 0 ? 0 : context.scratch(bytes);
      for (GradientUpdate update : all) {
        Operation.LinearUpdate op = update.operation();
        Bf16Matrix signal = copyOfSignal(op);
        if (signal == null) {
          signal = place(op.dy());
          roundings.add(new Rounding(signal, op.dy(), op.saved(), op.activation()));
        }
        Bf16Matrix x = copies.of(op.x());
        if (x == null) {
          x = place(op.x());
          roundings.add(Rounding.of(x, op.x()));
        }
        updates.add(new Rounded(update, signal, x));
      }
    }

    private Bf16Matrix copyOfSignal(Operation.LinearUpdate op) {
      return op.saved() == null ? copies.of(op.dy()) : null;
    }

    private long scratchBytes(GradientUpdate update) {
      Operation.LinearUpdate op = update.operation();
      return (copyOfSignal(op) == null ? aligned(op.dy()) : 0)
          + (copies.of(op.x()) == null ? aligned(op.x()) : 0);
    }

    private static long aligned(Tensor tensor) {
      long bytes = Bf16Matrix.bytes(tensor.rows(), tensor.columns());
      return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    private Bf16Matrix place(Tensor tensor) {
      Bf16Matrix matrix = new Bf16Matrix(next, tensor.rows(), tensor.columns());
      next += aligned(tensor);
      return matrix;
    }

    Runnable before(Runnable products) {
      return roundings.isEmpty()
          ? products
          : Launch.sequence(
              Rounding.bind(context, roundings, updates.getFirst().update().operation()), products);
    }
  }

  /** The members of an FlWgmmaUpdate of kernels/update_hopper.cu. */
  private Arguments members(Rounded rounded, long firstTile) {
    GradientUpdate update = rounded.update();
    Bf16Matrix copy = update.applies() ? copies.of(update.parameter().value()) : null;
    return new Arguments()
        .struct(TensorMaps.of(rounded.signal(), WgmmaTiles.ROWS_ALONG_PLACES))
        .struct(TensorMaps.of(rounded.x(), WgmmaTiles.ROWS_ALONG_PLACES))
        .struct(update.members(firstTile))
        .bf16(copy)
        .stride(copy)
        .s64(0)
        .s64(0);
  }

  @Override
  public Runnable update(GradientUpdate update) {
    Operands operands = new Operands(List.of(update));
    return operands.before(
        WgmmaTiles.over(MODULE, "fl_linear_update_wgmma", update.outputs(), update.inputs())
            .bind(
                context,
                new Arguments()
                    .struct(members(operands.updates.getFirst(), 0))
                    .control(update.operation().control()),
                update.operation()));
  }

  @Override
  public Runnable together(List<GradientUpdate> updates) {
    Operands operands = new Operands(updates);
    LaunchTable table = new LaunchTable(STRUCT_WORDS);
    for (Rounded rounded : operands.updates) {
      GradientUpdate update = rounded.update();
      table.add(
          firstTile -> members(rounded, firstTile),
          WgmmaTiles.count(update.outputs(), update.inputs()));
    }
    Launch launch = WgmmaTiles.over(MODULE, "fl_linear_updates_wgmma", table.tiles());
    return operands.before(UpdateKernels.bind(launch, context, table, updates));
  }
}

package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Updates of weights by wgmma: inputs and masked signals are rounded to scratch first, all of them
 * by one launch; a weight's copy in bf16 is written with it.
 */
final class WgmmaWeightUpdates implements WeightUpdates {
  private static final String MODULE = "update_hopper";
  private static final long ALIGNMENT = 256;

  /** A struct with tensor maps has a multiple of 64 bytes. */
  private static final int STRUCT_WORDS = 8;

  private final CudaContext context;
  private final WeightCopies copies;

  WgmmaWeightUpdates(CudaContext context, WeightCopies copies) {
    this.context = context;
    this.copies = copies;
  }

  /** An update with its operands as they will lie in scratch. */
  private record Rounded(GradientUpdate update, Rounding signal, Rounding x) {
    static long bytes(GradientUpdate update) {
      Operation.LinearUpdate op = update.operation();
      return aligned(op.dy().rows(), op.dy().columns()) + aligned(op.x().rows(), op.x().columns());
    }

    static Rounded at(long address, GradientUpdate update) {
      Operation.LinearUpdate op = update.operation();
      long rows = op.dy().rows();
      long next = address + aligned(rows, op.dy().columns());
      return new Rounded(
          update,
          new Rounding(
              new Bf16Matrix(address, rows, op.dy().columns()),
              op.dy(),
              op.saved(),
              op.activation()),
          Rounding.of(new Bf16Matrix(next, rows, op.x().columns()), op.x()));
    }

    private static long aligned(long rows, long columns) {
      return Math.ceilDiv(Bf16Matrix.bytes(rows, columns), ALIGNMENT) * ALIGNMENT;
    }
  }

  private List<Rounded> rounded(List<GradientUpdate> updates) {
    long scratch = context.scratch(updates.stream().mapToLong(Rounded::bytes).sum());
    List<Rounded> rounded = new ArrayList<>();
    for (GradientUpdate update : updates) {
      rounded.add(Rounded.at(scratch, update));
      scratch += Rounded.bytes(update);
    }
    return rounded;
  }

  private Runnable rounding(List<Rounded> rounded) {
    List<Rounding> roundings = new ArrayList<>();
    for (Rounded one : rounded) {
      roundings.add(one.signal());
      roundings.add(one.x());
    }
    return Rounding.bind(context, roundings, rounded.getFirst().update().operation());
  }

  /** The members of an FlWgmmaUpdate of kernels/update_hopper.cu. */
  private Arguments members(Rounded rounded, long firstTile) {
    GradientUpdate update = rounded.update();
    Bf16Matrix copy =
        update.applies()
            ? copies.of(update.parameter().value(), update.operation()).matrix()
            : null;
    return new Arguments()
        .struct(TensorMaps.of(rounded.signal().copy(), WgmmaTiles.ROWS_ALONG_PLACES))
        .struct(TensorMaps.of(rounded.x().copy(), WgmmaTiles.ROWS_ALONG_PLACES))
        .struct(update.members(firstTile))
        .pointer(copy == null ? 0 : copy.address())
        .s64(copy == null ? 0 : copy.stride())
        .s64(0)
        .s64(0);
  }

  @Override
  public Runnable update(GradientUpdate update) {
    List<Rounded> rounded = rounded(List.of(update));
    return Launch.sequence(
        rounding(rounded),
        WgmmaTiles.over(MODULE, "fl_linear_update_wgmma", update.outputs(), update.inputs())
            .bind(
                context,
                new Arguments()
                    .struct(members(rounded.getFirst(), 0))
                    .control(update.operation().control()),
                update.operation()));
  }

  @Override
  public Runnable together(List<GradientUpdate> updates) {
    List<Rounded> rounded = rounded(updates);
    LaunchTable table = new LaunchTable(STRUCT_WORDS);
    for (Rounded one : rounded) {
      GradientUpdate update = one.update();
      table.add(
          firstTile -> members(one, firstTile),
          WgmmaTiles.count(update.outputs(), update.inputs()));
    }
    Launch launch = WgmmaTiles.over(MODULE, "fl_linear_updates_wgmma", table.tiles());
    return Launch.sequence(rounding(rounded), UpdateKernels.bind(launch, context, table, updates));
  }
}

package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import dev.feedlight.device.TrainingOperation;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ToLongFunction;

/** Updates of dense layers, one by one and several in one launch, and of kept gradients. */
final class UpdateKernels {
  private static final Extent BIAS_BLOCK = Extent.of(32, 8);
  private static final int THREADS = 256;

  private final CudaContext context;
  private final ProductTiles tiles;
  private final FewSamples few;

  UpdateKernels(CudaContext context, ProductTiles tiles) {
    this.context = context;
    this.tiles = tiles;
    this.few = new FewSamples(context, tiles.precision());
  }

  /** One update: a launch for the weight, one for the bias. */
  Runnable update(Operation.LinearUpdate op) {
    GradientUpdate ofWeight = GradientUpdate.ofWeight(op);
    Runnable weight =
        tiles
            .over("update", "fl_linear_update", ofWeight.outputs(), ofWeight.inputs())
            .bind(context, alone(ofWeight), op);
    if (op.bias() == null) {
      return weight;
    }
    GradientUpdate ofBias = GradientUpdate.ofBias(op);
    Runnable bias =
        overColumns("fl_bias_update", biasTiles(ofBias)).bind(context, alone(ofBias), op);
    return Launch.sequence(weight, bias);
  }

  private static Arguments alone(GradientUpdate update) {
    return new Arguments().struct(update.members(0)).control(update.operation().control());
  }

  /**
   * Several updates: a launch for all weights, one for all biases. The bits are those of {@link
   * #update} one by one. What changes from step to step is in their control block, so replays stay
   * valid.
   *
   * @param ops at least one, none of which writes what another one touches, with one control
   */
  Runnable together(List<Operation.LinearUpdate> ops) {
    List<GradientUpdate> weights = ops.stream().map(GradientUpdate::ofWeight).toList();
    Runnable weight = few.fit(ops) ? overRows(weights) : overTiles(weights);
    List<GradientUpdate> biases =
        ops.stream().filter(op -> op.bias() != null).map(GradientUpdate::ofBias).toList();
    if (biases.isEmpty()) {
      return weight;
    }
    Launch overBiases = overColumns("fl_bias_updates", sum(biases, UpdateKernels::biasTiles));
    return Launch.sequence(weight, launch(overBiases, biases, UpdateKernels::biasTiles));
  }

  private Runnable overTiles(List<GradientUpdate> weights) {
    ToLongFunction<GradientUpdate> tilesOf =
        update -> ProductTiles.count(update.outputs(), update.inputs());
    Launch launch = tiles.over("update", "fl_linear_updates", sum(weights, tilesOf));
    return launch(launch, weights, tilesOf);
  }

  /** Where there are few samples; those of a plan may differ in their number. */
  private Runnable overRows(List<GradientUpdate> weights) {
    long samples =
        weights.stream().mapToLong(update -> update.operation().dy().rows()).max().orElseThrow();
    ToLongFunction<GradientUpdate> tilesOf = update -> FewSamples.tiles(update, samples);
    return launch(FewSamples.updates(sum(weights, tilesOf), samples), weights, tilesOf);
  }

  private Runnable launch(
      Launch launch, List<GradientUpdate> updates, ToLongFunction<GradientUpdate> tilesOf) {
    Operation.LinearUpdate first = updates.getFirst().operation();
    byte[] table = table(updates, tilesOf);
    return launch.bind(
        context,
        new Arguments()
            // Plans of the same operands share a table; it is freed with the device.
            .pointer(context.byteTable("updates " + HexFormat.of().formatHex(table), () -> table))
            .control(first.control())
            .s64(updates.size()),
        first);
  }

  private static byte[] table(
      List<GradientUpdate> updates, ToLongFunction<GradientUpdate> tilesOf) {
    Arguments table = new Arguments();
    long tile = 0;
    for (GradientUpdate update : updates) {
      table.struct(update.members(tile));
      tile += tilesOf.applyAsLong(update);
    }
    return table.bytes();
  }

  private static long sum(List<GradientUpdate> updates, ToLongFunction<GradientUpdate> tilesOf) {
    return updates.stream().mapToLong(tilesOf).sum();
  }

  private static long biasTiles(GradientUpdate update) {
    return Extent.blocks(update.outputs(), BIAS_BLOCK.x());
  }

  private static Launch overColumns(String function, long blocks) {
    return new Launch("update", function, Extent.of(blocks), BIAS_BLOCK);
  }

  /** A step with a kept gradient. */
  Runnable apply(TrainingOperation.ApplyGradient op) {
    long n = op.gradient().shape().elements();
    Arguments arguments =
        GradientUpdate.parameter(new Arguments(), op.parameter())
            .tensor(op.gradient())
            .tensor(op.factor())
            .control(op.control());
    GradientRule.step(op.optimizer(), op.parameter()).appendTo(arguments).s64(n);
    return new Launch(
            "training", "fl_apply_gradient", SmallKernels.striding(n, THREADS), Extent.of(THREADS))
        .bind(context, arguments, op);
  }
}

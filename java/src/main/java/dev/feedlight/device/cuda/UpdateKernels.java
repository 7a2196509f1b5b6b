package dev.feedlight.device.cuda;

import dev.feedlight.device.Operation;
import java.util.List;

/** Updates of dense layers, one by one and several in one launch. */
final class UpdateKernels {
  private static final Extent BIAS_BLOCK = Extent.of(32, 8);

  private final CudaContext context;
  private final WeightUpdates weights;

  UpdateKernels(CudaContext context, WeightUpdates weights) {
    this.context = context;
    this.weights = weights;
  }

  /** One update: a launch for the weight, one for the bias. */
  Runnable update(Operation.LinearUpdate op) {
    Runnable weight = weights.update(GradientUpdate.ofWeight(op));
    if (op.bias() == null) {
      return weight;
    }
    GradientUpdate ofBias = GradientUpdate.ofBias(op);
    Runnable bias =
        overColumns("fl_bias_update", biasTiles(ofBias)).bind(context, alone(ofBias), op);
    return Launch.sequence(weight, bias);
  }

  /** The arguments of a kernel that does one update. */
  static Arguments alone(GradientUpdate update) {
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
    Runnable weight = weights.together(ops.stream().map(GradientUpdate::ofWeight).toList());
    List<GradientUpdate> biases =
        ops.stream().filter(op -> op.bias() != null).map(GradientUpdate::ofBias).toList();
    if (biases.isEmpty()) {
      return weight;
    }
    LaunchTable table = new LaunchTable(1);
    biases.forEach(bias -> table.add(bias::members, biasTiles(bias)));
    Launch launch = overColumns("fl_bias_updates", table.tiles());
    return Launch.sequence(weight, bind(launch, context, table, biases));
  }

  /** Binds a kernel that does the updates of a table. */
  static Runnable bind(
      Launch launch, CudaContext context, LaunchTable table, List<GradientUpdate> updates) {
    Operation.LinearUpdate first = updates.getFirst().operation();
    return launch.bind(
        context,
        new Arguments()
            .pointer(table.address(context))
            .control(first.control())
            .s64(updates.size()),
        first);
  }

  private static long biasTiles(GradientUpdate update) {
    return Extent.blocks(update.outputs(), BIAS_BLOCK.x());
  }

  private static Launch overColumns(String function, long blocks) {
    return new Launch("update", function, Extent.of(blocks), BIAS_BLOCK);
  }
}

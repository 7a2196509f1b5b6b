package dev.feedlight.device.cuda;

import java.util.List;

/**
 * Updates of weights by the tiles of kernels/update.cu and update_tensor.cu, several at once of few
 * samples by the rows of kernels/linear_few.cu, which have the same bits.
 */
final class TileWeightUpdates implements WeightUpdates {
  private final CudaContext context;
  private final ProductTiles tiles;
  private final FewSamples few;

  TileWeightUpdates(CudaContext context, ProductTiles tiles) {
    this.context = context;
    this.tiles = tiles;
    this.few = new FewSamples(context, tiles.precision());
  }

  @Override
  public Runnable update(GradientUpdate update) {
    return tiles
        .over("update", "fl_linear_update", update.outputs(), update.inputs())
        .bind(context, UpdateKernels.alone(update), update.operation());
  }

  @Override
  public Runnable together(List<GradientUpdate> updates) {
    return few.fit(updates.stream().map(GradientUpdate::operation).toList())
        ? overRows(updates)
        : overTiles(updates);
  }

  private Runnable overTiles(List<GradientUpdate> updates) {
    LaunchTable table = new LaunchTable(1);
    for (GradientUpdate update : updates) {
      table.add(update::members, ProductTiles.count(update.outputs(), update.inputs()));
    }
    Launch launch = tiles.over("update", "fl_linear_updates", table.tiles());
    return UpdateKernels.bind(launch, context, table, updates);
  }

  /** Where there are few samples; those of a plan may differ in their number. */
  private Runnable overRows(List<GradientUpdate> updates) {
    long samples =
        updates.stream().mapToLong(update -> update.operation().dy().rows()).max().orElseThrow();
    LaunchTable table = new LaunchTable(1);
    for (GradientUpdate update : updates) {
      table.add(update::members, FewSamples.tiles(update, samples));
    }
    Launch launch = FewSamples.updates(table.tiles(), samples);
    return UpdateKernels.bind(launch, context, table, updates);
  }
}

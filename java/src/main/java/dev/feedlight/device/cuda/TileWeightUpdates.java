package dev.feedlight.device.cuda;

import java.util.List;

/** Updates of weights by the tiles of kernels/update.cu and update_tensor.cu. */
final class TileWeightUpdates implements WeightUpdates {
  private final CudaContext context;
  private final ProductTiles tiles;

  TileWeightUpdates(CudaContext context, ProductTiles tiles) {
    this.context = context;
    this.tiles = tiles;
  }

  @Override
  public Runnable update(GradientUpdate update) {
    return tiles
        .over("update", "fl_linear_update", update.outputs(), update.inputs())
        .bind(context, UpdateKernels.alone(update), update.operation());
  }

  @Override
  public Runnable together(List<GradientUpdate> updates) {
    LaunchTable table = new LaunchTable(1);
    for (GradientUpdate update : updates) {
      table.add(update::members, ProductTiles.count(update.outputs(), update.inputs()));
    }
    Launch launch = tiles.over("update", "fl_linear_updates", table.tiles());
    return UpdateKernels.bind(launch, context, table, updates);
  }
}

package dev.feedlight;

import dev.feedlight.learn.OutputWeights;
import dev.feedlight.nn.PatchGrid;
import dev.feedlight.tensor.ShapeException;

/**
 * How the numbers of an example lie in the rows of a step.
 *
 * @param input what the network takes
 * @param output what it gives, in as many rows
 */
record MapLayout(PatchGrid input, PatchGrid output) {
  /** An example is one row, as it stands. */
  static MapLayout rows(long inputs, long outputs) {
    return new MapLayout(
        PatchGrid.row(Math.toIntExact(inputs)), PatchGrid.row(Math.toIntExact(outputs)));
  }

  /**
   * Puts the weights of an example's outputs in the order of its rows.
   *
   * @throws ShapeException if there are not as many as outputs
   */
  OutputWeights arrange(OutputWeights weights) {
    float[] maps = weights.values();
    if (maps.length != output.values()) {
      throw new ShapeException(
          "there are "
              + maps.length
              + " weights for the "
              + output.values()
              + " outputs of an example");
    }
    float[] rows = new float[maps.length];
    output.toPatches(maps, 0, rows, 0);
    return OutputWeights.arranged(rows, output.patches());
  }
}

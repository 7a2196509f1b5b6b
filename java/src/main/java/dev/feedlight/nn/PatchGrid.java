package dev.feedlight.nn;

import dev.feedlight.tensor.ShapeException;

/**
 * Maps cut into square patches. A map is stored channel by channel, row by row, as data sets hold
 * it; the same numbers as patches are one row per patch, patches by rows of the grid, and within a
 * patch again channel by channel, row by row. Loaders copy from one order into the other while they
 * stage examples, so that a patch embedding is a plain matrix product and no kernel moves data.
 *
 * @param channels maps that lie over each other
 * @param height rows of cells, a multiple of the patch
 * @param width cells of a row, a multiple of the patch
 * @param patch edge of a patch in cells
 */
public record PatchGrid(int channels, int height, int width, int patch) {
  /** Checks that all extents are positive and that whole patches cover the map. */
  public PatchGrid {
    if (channels < 1 || height < 1 || width < 1 || patch < 1) {
      throw new ShapeException(
          "extents of maps must be at least 1: channels "
              + channels
              + ", height "
              + height
              + ", width "
              + width
              + ", patch "
              + patch);
    }
    if (height % patch != 0 || width % patch != 0) {
      throw new ShapeException(
          "maps of "
              + height
              + " x "
              + width
              + " cells cannot be cut into patches of "
              + patch
              + " x "
              + patch
              + "; use a patch that divides both");
    }
    // Refused here, not as a negative length later.
    Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }

  /**
   * An example that is one row as it stands.
   *
   * @param values numbers of the example
   * @return a grid of one patch
   */
  public static PatchGrid row(int values) {
    return new PatchGrid(values, 1, 1, 1);
  }

  /**
   * Patches of an example.
   *
   * @return rows of the batch that it becomes
   */
  public int patches() {
    return height / patch * (width / patch);
  }

  /**
   * Numbers of a patch.
   *
   * @return channels x patch x patch
   */
  public int patchValues() {
    return channels * patch * patch;
  }

  /**
   * Numbers of an example.
   *
   * @return channels x height x width
   */
  public int values() {
    return channels * height * width;
  }

  /**
   * Copies an example from the order of maps into that of patches.
   *
   * @param maps source, {@link #values()} floats from {@code mapsOffset}
   * @param mapsOffset first float
   * @param patches destination, another array
   * @param patchesOffset first float
   */
  public void toPatches(float[] maps, int mapsOffset, float[] patches, int patchesOffset) {
    forEachRun(
        (map, row) ->
            System.arraycopy(maps, mapsOffset + map, patches, patchesOffset + row, run()));
  }

  /**
   * Copies an example from the order of patches into that of maps.
   *
   * @param patches source, {@link #values()} floats from {@code patchesOffset}
   * @param patchesOffset first float
   * @param maps destination, another array
   * @param mapsOffset first float
   */
  public void toMaps(float[] patches, int patchesOffset, float[] maps, int mapsOffset) {
    forEachRun(
        (map, row) ->
            System.arraycopy(patches, patchesOffset + row, maps, mapsOffset + map, run()));
  }

  /** Where a run of consecutive floats stands in both orders. */
  @FunctionalInterface
  private interface Run {
    void at(int map, int row);
  }

  /** Floats that are consecutive in both orders. */
  private int run() {
    return patches() == 1 ? values() : patch;
  }

  private void forEachRun(Run copy) {
    if (patches() == 1) {
      copy.at(0, 0);
      return;
    }
    int across = width / patch;
    int to = 0;
    for (int i = 0; i < patches(); i++) {
      int corner = i / across * patch * width + i % across * patch;
      for (int channel = 0; channel < channels; channel++) {
        for (int y = 0; y < patch; y++) {
          copy.at((channel * height + y) * width + corner, to);
          to += patch;
        }
      }
    }
  }
}

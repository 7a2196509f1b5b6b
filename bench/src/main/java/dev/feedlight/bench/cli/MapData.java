package dev.feedlight.bench.cli;

import dev.feedlight.data.Split;
import java.util.Optional;

/**
 * Maps to learn from and to be measured on.
 *
 * @param label short name
 * @param extents of the maps
 * @param split training and test examples
 * @param areas how much each output counts in loss and error
 * @param unit of the error, for example {@code K}; null if targets have none
 * @param scale a target of 1 in that unit
 * @param unitNote which unit the files of the targets were taken to have, and why; empty where
 *     nothing had to be found out
 */
@SuppressWarnings("ArrayRecordComponent") // weights on their way to the engine, never compared
record MapData(
    String label,
    Extents extents,
    Split split,
    float[] areas,
    String unit,
    double scale,
    Optional<String> unitNote) {
  /**
   * Extents of maps.
   *
   * @param channels maps of an input
   * @param maps maps of a target
   * @param height rows of cells
   * @param width cells of a row
   */
  record Extents(int channels, int maps, int height, int width) {
    int inputs() {
      return channels * height * width;
    }

    int outputs() {
      return maps * height * width;
    }

    /** Areas of cells between equidistant parallels: cosines of their middle latitudes. */
    float[] areas() {
      float[] areas = new float[outputs()];
      for (int i = 0; i < areas.length; i++) {
        int row = i / width % height;
        areas[i] = (float) Math.cos(Math.PI * ((row + 0.5) / height - 0.5));
      }
      return areas;
    }
  }
}

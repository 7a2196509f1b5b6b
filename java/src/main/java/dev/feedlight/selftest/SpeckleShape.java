package dev.feedlight.selftest;

import java.util.List;

/**
 * Extents of an optical projection.
 *
 * @param batch samples
 * @param inputs mirrors
 * @param outputs pixels
 */
record SpeckleShape(int batch, int inputs, int outputs) {
  /** Around the 8 columns of a Philox block, tiles of 64, two larger and one long. */
  static final List<SpeckleShape> ALL =
      List.of(
          new SpeckleShape(1, 1, 1),
          new SpeckleShape(1, 7, 3),
          new SpeckleShape(3, 8, 5),
          new SpeckleShape(2, 9, 16),
          new SpeckleShape(5, 17, 13),
          new SpeckleShape(2, 63, 65),
          new SpeckleShape(4, 64, 64),
          new SpeckleShape(7, 65, 33),
          new SpeckleShape(33, 257, 129),
          new SpeckleShape(2, 4099, 67),
          new SpeckleShape(70, 272, 45),
          new SpeckleShape(17, 1000, 301));

  /** Whether the oracle is slow enough at it for the list to be shortened. */
  boolean large() {
    return (long) batch * inputs * outputs > 500_000;
  }

  @Override
  public String toString() {
    return batch + " x " + inputs + " -> " + outputs;
  }
}

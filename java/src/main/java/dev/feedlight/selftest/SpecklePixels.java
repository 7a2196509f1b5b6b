package dev.feedlight.selftest;

import dev.feedlight.device.PixelMap;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** Which pixels are outputs, and in what they differ. */
enum SpecklePixels {
  /** All in order, all alike. */
  PLAIN(false, false),
  /** Ascending numbers with gaps. */
  SELECTED(true, false),
  /** In order; some dead, some hot, the others of uneven sensitivity. */
  FLAWED(false, true),
  /** Both. */
  SELECTED_FLAWED(true, true);

  /** All but the plain ones. */
  static final List<SpecklePixels> UNEVEN = List.of(SELECTED, FLAWED, SELECTED_FLAWED);

  private final boolean selected;
  private final boolean flawed;

  SpecklePixels(boolean selected, boolean flawed) {
    this.selected = selected;
    this.flawed = flawed;
  }

  /** Number of the pixel that is output i. */
  int number(int i) {
    return selected ? i + i / 3 + 2 : i;
  }

  /** A number above all of them. */
  int region(int outputs) {
    return number(outputs - 1) + 1;
  }

  PixelMap map(Workbench bench, int outputs, Layout layout) {
    Tensor numbers = null;
    if (selected) {
      int[] values = new int[outputs];
      for (int i = 0; i < outputs; i++) {
        values[i] = number(i);
      }
      numbers = bench.integers("pixel numbers", layout, Shape.vector(outputs), values);
    }
    Tensor response = null;
    if (flawed) {
      Matrix matrix = bench.values().uniform(2, outputs, 0.5, 1.5);
      for (int i = 0; i < outputs; i += 5) {
        matrix = matrix.with(0, i, 0).with(1, i, i % 2 == 0 ? 0 : 255);
      }
      response = bench.floats("pixel response", Layout.DENSE, matrix);
    }
    return new PixelMap(numbers, selected ? region(outputs) : 0, response);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

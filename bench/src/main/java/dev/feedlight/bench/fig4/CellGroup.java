package dev.feedlight.bench.fig4;

import java.util.List;
import java.util.Set;

/**
 * One place of the figure, a network or a size of the projection: what is compared there is
 * measured together.
 *
 * @param figures wanted panels that need it
 * @param level 0 for the coarsest grid; lower ones are measured first
 * @param cells all rules
 */
record CellGroup(List<Figure> figures, int level, List<Cell> cells) {
  CellGroup {
    figures = List.copyOf(figures);
    cells = List.copyOf(cells);
  }

  /** The cells that are not among others. */
  CellGroup without(Set<Cell> others) {
    return new CellGroup(
        figures, level, cells.stream().filter(cell -> !others.contains(cell)).toList());
  }

  /**
   * The step of halving in which an index of a list is reached: 0 for both ends, 1 for the middle,
   * 2 for the middles of the halves, and so on.
   */
  static int levelOf(int index, int count) {
    int low = 0;
    int high = count - 1;
    int level = 0;
    while (index != low && index != high) {
      level++;
      int middle = (low + high) / 2;
      if (index == middle) {
        return level;
      }
      low = index > middle ? middle : low;
      high = index < middle ? middle : high;
    }
    return level;
  }
}

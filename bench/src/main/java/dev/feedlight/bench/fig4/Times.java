package dev.feedlight.bench.fig4;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What has been measured so far, ms per step or per batch of projections. */
final class Times {
  private final Map<Cell, Measurement> cells = new LinkedHashMap<>();

  void put(Cell cell, Measurement measurement) {
    cells.put(cell, measurement);
  }

  Optional<Measurement> of(Cell cell) {
    return Optional.ofNullable(cells.get(cell));
  }

  int size() {
    return cells.size();
  }
}

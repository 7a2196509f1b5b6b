package dev.feedlight.bench.fig4;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What came of one cell, exactly: a line of {@code cells.jsonl}.
 *
 * @param label of the cell, see {@link Cell#label()}
 * @param millis time of a step in each iteration, in the order of measuring
 * @param seconds that the cell took with all its JVMs
 * @param commit of the code that was measured
 */
@JsonPropertyOrder({"cell", "ms", "seconds", "commit"})
record CellRecord(
    @JsonProperty(value = "cell", required = true) String label,
    @JsonProperty(value = "ms", required = true) List<Double> millis,
    @JsonProperty(value = "seconds", required = true) double seconds,
    @JsonProperty(value = "commit", required = true) String commit) {
  CellRecord {
    millis = List.copyOf(millis);
  }

  /**
   * Median and spread.
   *
   * @throws IllegalArgumentException if the numbers are no times
   */
  Measurement measurement() {
    return Measurement.of(millis, commit);
  }
}

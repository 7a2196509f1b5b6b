package dev.feedlight.bench.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.bench.results.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What files of results say of the same run with several seeds. */
public final class RunLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RunLines() {}

  /**
   * A line per seed, then one that sums them up.
   *
   * @param ends what each run came to, by its seed, in the order of the lines
   * @param line all but value, seed and spread; of the last seed for the sum
   * @param what the value of a run
   * @return one more than there are seeds
   */
  public static <E> List<ResultLine> ofSeeds(
      Map<Long, E> ends, Function<E, ResultLineBuilder> line, ToDoubleFunction<E> what) {
    List<ResultLine> lines = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    E last = null;
    for (Map.Entry<Long, E> end : ends.entrySet()) {
      last = end.getValue();
      values.add(what.applyAsDouble(last));
      lines.add(line.apply(last).value(values.getLast()).seed(end.getKey()).build());
    }
    Spread spread = Spread.of(values);
    lines.add(
        line.apply(last)
            .value(spread.mean())
            .spread(spread.low(), spread.high())
            .n(values.size())
            .build());
    return lines;
  }

  /** Numbers and texts by name, as a line of {@code curves.jsonl} or {@code samples.jsonl}. */
  public static String json(Map<String, Object> line) {
    try {
      return MAPPER.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot fail to be written: " + line, e);
    }
  }
}

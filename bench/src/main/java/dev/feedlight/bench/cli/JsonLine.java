package dev.feedlight.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One JSON object on one line, keys in the order in which they were put; null values left out. JSON
 * has no NaN and no infinities: they are refused.
 */
final class JsonLine {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * Adds a value.
   *
   * @throws CommandFailedException if it is a number that is not finite
   */
  JsonLine put(String key, Object value) {
    if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
      throw new CommandFailedException(
          key + " is " + value + ", not finite: no JSON object is written");
    }
    if (value != null) {
      values.put(key, value);
    }
    return this;
  }

  /** Adds values as {@link #put} does, in their order. */
  JsonLine putAll(Map<String, Object> more) {
    more.forEach(this::put);
    return this;
  }

  /** What was put so far. */
  Map<String, Object> values() {
    return new LinkedHashMap<>(values);
  }

  @Override
  public String toString() {
    try {
      return new ObjectMapper().writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + values.keySet() + " as JSON", e);
    }
  }
}

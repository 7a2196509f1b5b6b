package dev.feedlight.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object on one line, keys in the order in which they were put; null values left out. */
final class JsonLine {
  private final Map<String, Object> values = new LinkedHashMap<>();

  JsonLine put(String key, Object value) {
    if (value != null) {
      values.put(key, value);
    }
    return this;
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

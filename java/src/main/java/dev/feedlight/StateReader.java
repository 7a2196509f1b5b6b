package dev.feedlight;

import dev.feedlight.io.FormatException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Entries of a JSON object, each of the type that is asked for.
 *
 * @param values the object
 * @param file where it comes from
 */
record StateReader(Map<String, Object> values, Path file) {
  boolean isNull(String key) {
    return values.containsKey(key) && values.get(key) == null;
  }

  StateReader object(String key) {
    if (values.get(key) instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((name, value) -> copy.put((String) name, value));
      return new StateReader(copy, file);
    }
    throw wrong(key, "an object");
  }

  void require(String key, Object wanted) {
    if (!wanted.equals(values.get(key))) {
      throw wrong(key, String.valueOf(wanted));
    }
  }

  long count(String key) {
    if (values.get(key) instanceof Long number && number >= 0) {
      return number;
    }
    throw wrong(key, "a whole number from 0 on");
  }

  int smallCount(String key) {
    requireAtMost(key, Integer.MAX_VALUE);
    return (int) count(key);
  }

  void requireAtMost(String key, long most) {
    if (count(key) > most) {
      throw wrong(key, "at most " + most);
    }
  }

  String text(String key) {
    if (values.get(key) instanceof String text) {
      return text;
    }
    throw wrong(key, "a text");
  }

  /** As {@link Double#toHexString} writes it. */
  double hex(String key) {
    try {
      return Double.parseDouble(text(key));
    } catch (NumberFormatException e) {
      throw wrong(key, "a number as a hexadecimal text");
    }
  }

  FormatException wrong(String key, String wanted) {
    return new FormatException(
        file.toString(), "\"" + key + "\" is " + values.get(key) + " and should be " + wanted);
  }
}

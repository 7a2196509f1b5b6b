package dev.feedlight.io;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Settings as data: a record becomes an object of its components and its type, so that settings are
 * written down whole, and two of them can be compared entry by entry.
 */
public final class RecordTree {
  private RecordTree() {}

  /**
   * Describes a value. Floating-point numbers become their shortest exact text, because they are
   * compared for identity and may be infinite.
   *
   * @param value a record, number, string, boolean, enum, list of such, or null; of anything else
   *     the class is all that is told
   * @return what {@link Json} writes
   */
  public static Object of(Object value) {
    return switch (value) {
      case null -> null;
      case Record record -> ofRecord(record);
      case Float _, Double _ -> value.toString();
      case Number number -> number.longValue();
      case Boolean _, String _ -> value;
      case Enum<?> constant -> constant.name();
      case Iterable<?> values -> {
        List<Object> list = new ArrayList<>();
        values.forEach(element -> list.add(of(element)));
        yield list;
      }
      default -> typeName(value);
    };
  }

  private static Map<String, Object> ofRecord(Record record) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", typeName(record));
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        tree.put(component.getName(), of(component.getAccessor().invoke(record)));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + component + " of " + record, e);
      }
    }
    return tree;
  }

  private static String typeName(Object value) {
    return value.getClass().getSimpleName();
  }

  /**
   * Where two trees differ.
   *
   * @param first such a tree, or one read from JSON
   * @param second the other
   * @param firstName how messages call the first
   * @param secondName how messages call the second
   * @return one line per difference; none if they are equal
   */
  public static List<String> differences(
      Object first, Object second, String firstName, String secondName) {
    List<String> lines = new ArrayList<>();
    compare("", first, second, (path, a, b) -> lines.add(line(path, a, b, firstName, secondName)));
    return lines;
  }

  private static String line(String path, Object a, Object b, String first, String second) {
    return path + " is " + b + " " + second + ", " + a + " " + first;
  }

  @FunctionalInterface
  private interface Difference {
    void report(String path, Object first, Object second);
  }

  private static void compare(String path, Object first, Object second, Difference difference) {
    if (first instanceof Map<?, ?> a && second instanceof Map<?, ?> b) {
      TreeSet<String> keys = new TreeSet<>();
      a.keySet().forEach(key -> keys.add((String) key));
      b.keySet().forEach(key -> keys.add((String) key));
      for (String key : keys) {
        compare(path.isEmpty() ? key : path + "." + key, a.get(key), b.get(key), difference);
      }
    } else if (first == null ? second != null : !first.equals(second)) {
      difference.report(path, first, second);
    }
  }
}

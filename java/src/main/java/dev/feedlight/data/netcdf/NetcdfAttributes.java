package dev.feedlight.data.netcdf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What a file says about itself or about a variable: texts and numbers by name. */
public final class NetcdfAttributes {
  private final Map<String, Object> values = new LinkedHashMap<>();

  NetcdfAttributes() {}

  void put(String name, String text) {
    values.put(name, text);
  }

  void put(String name, double[] numbers) {
    values.put(name, numbers);
  }

  /**
   * The names of all, texts or numbers.
   *
   * @return in the order of the file
   */
  public Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  /**
   * A text.
   *
   * @param name of the attribute
   * @return empty if there is none, or it holds numbers
   */
  public Optional<String> text(String name) {
    return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /**
   * Numbers.
   *
   * @param name of the attribute
   * @return empty if there is none, or it is a text
   */
  public double[] numbers(String name) {
    return values.get(name) instanceof double[] numbers ? numbers.clone() : new double[0];
  }

  /**
   * The first number.
   *
   * @param name of the attribute
   * @return empty if there is none
   */
  public OptionalDouble number(String name) {
    double[] numbers = numbers(name);
    return numbers.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(numbers[0]);
  }
}

package dev.feedlight.bench.fig4;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A panel of Fig. 4. */
public enum Figure {
  /** Time against width. */
  FIG4A,
  /** Time against depth; the same measurements as {@link #FIG4A}. */
  FIG4B,
  /** Optical over digital time, against the size of the projection. */
  FIG4C;

  /** Name that stands for all panels. */
  public static final String ALL = "all";

  /** Lower case, as on the command line and in result files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Names on the command line.
   *
   * @return the panels and {@link #ALL}
   */
  public static List<String> names() {
    return Stream.concat(Stream.of(values()).map(Figure::toString), Stream.of(ALL)).toList();
  }

  /**
   * Panels of a name on the command line.
   *
   * @param name one of {@link #names()}
   * @return one panel, or all
   */
  public static List<Figure> named(String name) {
    return name.equals(ALL) ? List.of(values()) : List.of(valueOf(name.toUpperCase(Locale.ROOT)));
  }
}

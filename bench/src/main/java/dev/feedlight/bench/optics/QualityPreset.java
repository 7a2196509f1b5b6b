package dev.feedlight.bench.optics;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values the knobs take, and how often is measured.
 *
 * @param name on the command line
 * @param inputs entries of a vector
 * @param outputs pixels of a projection
 * @param vectors per setting and medium
 * @param media independent units, with seeds that follow one another
 * @param bits of the camera
 * @param levels of the mean anchor, fractions of full scale
 * @param noises factors
 * @param densities of the vectors
 */
public record QualityPreset(
    String name,
    int inputs,
    int outputs,
    int vectors,
    int media,
    List<Double> bits,
    List<Double> levels,
    List<Double> noises,
    List<Double> densities) {
  /** The language run's output: 1016 tokens onto one row of 2040 pixels (paper). */
  private static final int PAPER_INPUTS = 1016;

  private static final int PAPER_OUTPUTS = 2040;

  /** Less than a minute on two cores. */
  public static final QualityPreset QUICK =
      new QualityPreset(
          "quick",
          PAPER_INPUTS,
          PAPER_OUTPUTS,
          16,
          3,
          List.of(2.0, 4.0, 6.0, 8.0, 10.0, 12.0),
          List.of(0.03, 0.06, 0.12, 0.25, 0.35, 0.5, 0.75),
          List.of(0.0, 0.5, 1.0, 2.0, 4.0, 8.0),
          List.of(0.01, 0.03, 0.1, 0.3, 0.6, 1.0));

  /** Finer and more exact. */
  public static final QualityPreset FULL =
      new QualityPreset(
          "full",
          PAPER_INPUTS,
          PAPER_OUTPUTS,
          32,
          4,
          List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 16.0),
          List.of(0.02, 0.03, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0),
          List.of(0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0),
          List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.62, 0.8, 1.0));

  /** For the tests: the same code in seconds; its numbers mean nothing. */
  public static final QualityPreset SMOKE =
      new QualityPreset(
          "smoke",
          48,
          64,
          2,
          2,
          List.of(4.0, 8.0),
          List.of(0.06, 0.25),
          List.of(0.0, 1.0),
          List.of(0.1, 0.3));

  /** The presets that the help lists. */
  public static final List<QualityPreset> PRESETS = List.of(QUICK, FULL);

  /** Copies the lists. */
  public QualityPreset {
    bits = List.copyOf(bits);
    levels = List.copyOf(levels);
    noises = List.copyOf(noises);
    densities = List.copyOf(densities);
  }

  /** Ascending values of a knob. */
  List<Double> values(QualityKnob knob) {
    return switch (knob) {
      case BITS -> bits;
      case MEAN_ANCHOR -> levels;
      case NOISE -> noises;
      case DENSITY -> densities;
    };
  }

  /** Every setting of a surface, row by row. */
  List<QualitySetting> settings(QualitySurface surface) {
    return values(surface.y()).stream()
        .flatMap(y -> values(surface.x()).stream().map(x -> surface.at(x, y)))
        .toList();
  }

  /** Every setting once; surfaces share some. */
  Set<QualitySetting> settings() {
    Set<QualitySetting> all = new LinkedHashSet<>();
    QualitySurface.ALL.forEach(surface -> all.addAll(settings(surface)));
    return all;
  }
}

package dev.feedlight.bench.optics;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.opu.CalibrationException;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.LinearReadout;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.PixelSelection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Correlation of a unit's projection with the exact one, vector by vector, over all pixels and over
 * those that {@link PixelSelection#bright} takes. One medium; the vectors of a density are the same
 * for all settings.
 */
final class ReadoutQuality {
  /** Fewer pixels say too little (ours): an error of 0.2 in a correlation of 0. */
  static final int FEWEST_PIXELS = 30;

  private static final PixelSelection SELECTION = PixelSelection.bright();

  private final Device device;
  private final int inputs;
  private final int outputs;
  private final int region;
  private final int vectors;
  private final long seed;
  private final Map<Double, Exact> exact = new HashMap<>();

  /**
   * Prepares the measurement of one medium.
   *
   * @param device where it is emulated
   * @param inputs entries of a vector
   * @param outputs pixels of a projection
   * @param vectors per setting
   * @param seed of medium, noise and vectors
   */
  ReadoutQuality(Device device, int inputs, int outputs, int vectors, long seed) {
    this.device = device;
    this.inputs = inputs;
    this.outputs = outputs;
    this.region = Math.toIntExact(SELECTION.region(outputs));
    this.vectors = vectors;
    this.seed = seed;
  }

  /**
   * What came of a setting.
   *
   * @param all correlation per vector over all pixels; empty if the unit cannot be calibrated
   *     because its anchor frame is dark or saturated everywhere
   * @param selected the same over selected pixels; empty if they are fewer than {@link
   *     #FEWEST_PIXELS}
   * @param share of pixels that selection takes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Correlations(double[] all, double[] selected, double share) {}

  /** Vectors and what the formula makes of them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Exact(byte[] ternary, float[] projected) {}

  /** Measures a setting. */
  Correlations measure(QualitySetting setting) {
    Exact reference = exact.computeIfAbsent(setting.density(), this::exact);
    OpuSettings settings = OpuSettings.defaults().withCamera(setting.camera());
    try (Scope scope = device.openScope("read-out quality")) {
      // Pixels are independent: those of the region that selection takes are the same numbers
      // whether or not the others are read, and the first of them are the unit without selection.
      EmulatedOpu unit = new EmulatedOpu(device, scope, settings, inputs, region, seed);
      float[] projected = unit.project(reference.ternary);
      int[] every = new int[outputs];
      Arrays.setAll(every, i -> i);
      int[] bright = bright(unit);
      int[] first = Arrays.copyOf(bright, Math.min(outputs, bright.length));
      return new Correlations(
          correlations(projected, reference.projected, every),
          first.length < FEWEST_PIXELS
              ? new double[0]
              : correlations(projected, reference.projected, first),
          (double) bright.length / region);
    } catch (CalibrationException e) {
      return new Correlations(new double[0], new double[0], 0);
    }
  }

  private static int[] bright(EmulatedOpu unit) {
    float full = unit.camera().maxCount() - unit.camera().darkOffset();
    float[] anchor = unit.anchor();
    int[] numbers = new int[anchor.length];
    int accepted = 0;
    for (int i = 0; i < anchor.length; i++) {
      if (SELECTION.accepts(anchor[i], full)) {
        numbers[accepted++] = i;
      }
    }
    return Arrays.copyOf(numbers, accepted);
  }

  private Exact exact(double density) {
    byte[] ternary = ternary(density);
    OpuSettings settings = OpuSettings.ideal().withReadout(new LinearReadout(0, true));
    try (Scope scope = device.openScope("exact projection")) {
      EmulatedOpu unit = new EmulatedOpu(device, scope, settings, inputs, region, seed);
      return new Exact(ternary, unit.project(ternary));
    }
  }

  /** The wanted number of entries at random places, at least one, each sign equally likely. */
  private byte[] ternary(double density) {
    Random random = new Random(seed);
    RandomPlaces places = new RandomPlaces(inputs, random);
    int lit = Math.max(1, (int) Math.round(density * inputs));
    byte[] all = new byte[vectors * inputs];
    for (int vector = 0; vector < vectors; vector++) {
      for (int place : places.draw(lit)) {
        all[vector * inputs + place] = (byte) (random.nextBoolean() ? 1 : -1);
      }
    }
    return all;
  }

  private double[] correlations(float[] found, float[] expected, int[] pixels) {
    double[] values = new double[vectors];
    for (int vector = 0; vector < vectors; vector++) {
      values[vector] = correlation(found, expected, vector * region, pixels);
    }
    return values;
  }

  /** Pearson's; 0 where the projection does not vary at all, so that it says nothing. */
  private static double correlation(float[] found, float[] expected, int from, int[] pixels) {
    double meanFound = 0;
    double meanExpected = 0;
    for (int pixel : pixels) {
      meanFound += found[from + pixel];
      meanExpected += expected[from + pixel];
    }
    meanFound /= pixels.length;
    meanExpected /= pixels.length;
    double both = 0;
    double squareFound = 0;
    double squareExpected = 0;
    for (int pixel : pixels) {
      double x = found[from + pixel] - meanFound;
      double y = expected[from + pixel] - meanExpected;
      both += x * y;
      squareFound += x * x;
      squareExpected += y * y;
    }
    return squareFound == 0 ? 0 : both / Math.sqrt(squareFound * squareExpected);
  }
}

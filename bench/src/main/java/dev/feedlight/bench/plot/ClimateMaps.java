package dev.feedlight.bench.plot;

import dev.feedlight.data.climate.Grid;
import dev.feedlight.data.climate.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A climate as it was, as models predict it, and the bias of every model: prediction minus truth.
 * All maps have one scale, so that they can be compared by eye.
 *
 * @param grid of all maps
 * @param target what the values are
 * @param truth one map
 * @param predictions one map each, at least one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClimateMaps(Grid grid, Target target, double[] truth, List<Prediction> predictions) {
  private static final int COLUMNS = 2;
  private static final int FRAME_WIDTH = 520;

  /**
   * This share of the magnitudes lies within the colours; a single cell should not dim them all.
   */
  private static final double SHOWN = 0.995;

  /**
   * What a model says.
   *
   * @param model its name
   * @param map one value for every cell
   * @param rmse of this map, weighted by area, for its title
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Prediction(String model, double[] map, double rmse) {}

  /** Checks that there is something to compare. */
  public ClimateMaps {
    if (predictions.isEmpty()) {
      throw new FigureDataException("there is no prediction to draw beside the truth");
    }
    predictions = List.copyOf(predictions);
  }

  /**
   * The figure: the truth and the colours of it first, then prediction and bias of every model.
   *
   * @param title one line
   * @param caption what was predicted from what
   */
  public FigureSheet sheet(String title, List<String> caption) {
    List<double[]> biases =
        predictions.stream().map(prediction -> difference(prediction.map(), truth)).toList();
    DivergingScale scale =
        DivergingScale.over(
            "change, or bias of the prediction (" + target.unit() + ")", hues(), largest(biases));
    List<MapPanel> panels = new ArrayList<>();
    panels.add(panel("Target", truth, scale));
    panels.add(panel("No Change: Bias", difference(new double[truth.length], truth), scale));
    for (int i = 0; i < predictions.size(); i++) {
      Prediction prediction = predictions.get(i);
      panels.add(panel(prediction.model(), prediction.map(), scale));
      panels.add(
          panel(
              String.format(
                  Locale.ROOT,
                  "%s: Bias, RMSE %.3g %s",
                  prediction.model(),
                  prediction.rmse(),
                  target.unit()),
              biases.get(i),
              scale));
    }
    return new FigureSheet(
        title,
        caption,
        panels,
        COLUMNS,
        panels.getFirst().frameHeight(FRAME_WIDTH),
        new ColorBar(scale, ""));
  }

  /** Where it gets warmer is red, where it gets wetter green. */
  private DivergingScale.Hues hues() {
    return switch (target.quantity()) {
      case TEMPERATURE -> DivergingScale.Hues.BLUE_TO_RED;
      case PRECIPITATION -> DivergingScale.Hues.BROWN_TO_GREEN;
    };
  }

  private MapPanel panel(String title, double[] map, ColorScale scale) {
    return new MapPanel(title, grid.latitudes(), grid.longitudes(), map, scale);
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = a.clone();
    Arrays.setAll(difference, i -> a[i] - b[i]);
    return difference;
  }

  private double largest(List<double[]> biases) {
    double[] magnitudes =
        Stream.concat(
                Stream.concat(Stream.of(truth), predictions.stream().map(Prediction::map)),
                biases.stream())
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .sorted()
            .toArray();
    return magnitudes[(int) (SHOWN * (magnitudes.length - 1))];
  }
}

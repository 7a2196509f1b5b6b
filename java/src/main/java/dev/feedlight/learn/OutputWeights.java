package dev.feedlight.learn;

import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;

/**
 * How much each output of an example counts in the loss, for example by the area of its cell. Their
 * mean is 1, so that the loss keeps its unit.
 */
public final class OutputWeights {
  private final float[] values;
  private final Shape shape;

  private OutputWeights(float[] values, Shape shape) {
    this.values = values;
    this.shape = shape;
  }

  /**
   * Scales weights to a mean of 1.
   *
   * @param raw one per output of an example, at least 0 and finite, not all 0
   * @return weights of an example that is one row
   * @throws ShapeException if there are none
   * @throws IllegalArgumentException if a value is negative or not finite, or all are 0
   */
  public static OutputWeights of(float[] raw) {
    double sum = 0;
    for (int i = 0; i < raw.length; i++) {
      if (!(raw[i] >= 0) || Float.isInfinite(raw[i])) {
        throw new IllegalArgumentException(
            "a weight must be at least 0 and finite, but that of output " + i + " is " + raw[i]);
      }
      sum += raw[i];
    }
    if (raw.length > 0 && sum == 0) {
      throw new IllegalArgumentException("all " + raw.length + " weights are 0");
    }
    float[] values = new float[raw.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (raw[i] * (raw.length / sum));
    }
    return new OutputWeights(values, Shape.vector(values.length));
  }

  /**
   * The same weights where an example is several rows of a batch.
   *
   * @param arranged the values in the order of the rows
   * @param rows of an example; must divide their number
   * @return weights of that shape
   */
  public static OutputWeights arranged(float[] arranged, int rows) {
    if (arranged.length % rows != 0) {
      throw new ShapeException(arranged.length + " weights are no " + rows + " rows");
    }
    return new OutputWeights(arranged.clone(), new Shape(rows, arranged.length / rows));
  }

  /**
   * Their shape.
   *
   * @return rows of an example x outputs
   */
  public Shape shape() {
    return shape;
  }

  /**
   * The weights.
   *
   * @return a copy, row by row
   */
  public float[] values() {
    return values.clone();
  }
}

package dev.feedlight.learn;

import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;

/**
 * The fixed matrix F of direct feedback on the host: {@code signal = e F^T}. Block l receives
 * {@code e F_l^T}, where F_l is the first rows of F, as many as the block has outputs.
 */
public final class FeedbackMatrix {
  private final Shape shape;
  private final float[] values;
  private final ProjectedError projected;

  /**
   * Wraps values.
   *
   * @param shape outputs of the widest hidden block x width of the projected error
   * @param values row-major; not copied
   * @param projected what F multiplies
   * @throws ShapeException if there are not as many values as the shape has
   */
  public FeedbackMatrix(Shape shape, float[] values, ProjectedError projected) {
    if (values.length != shape.elements()) {
      throw new ShapeException(values.length + " values are no feedback matrix of shape " + shape);
    }
    this.shape = shape;
    this.values = values;
    this.projected = projected;
  }

  /**
   * Rows and columns.
   *
   * @return outputs of the widest hidden block x width of the projected error
   */
  public Shape shape() {
    return shape;
  }

  /**
   * What F multiplies.
   *
   * @return the gradient that is projected
   */
  public ProjectedError projected() {
    return projected;
  }

  /**
   * The entries.
   *
   * @return row-major; not a copy
   */
  public float[] values() {
    return values;
  }
}

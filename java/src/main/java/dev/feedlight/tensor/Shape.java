package dev.feedlight.tensor;

/**
 * Shape of a matrix: {@code rows x columns}. A vector of n elements is {@code 1 x n}; a batch of
 * samples has one row each. Higher ranks are not needed: images and sequences are flattened by the
 * block that knows what they mean.
 *
 * @param rows number of rows, at least 1
 * @param columns number of columns, at least 1
 */
public record Shape(long rows, long columns) {
  /** Checks that both extents are positive and that their product fits a {@code long}. */
  public Shape {
    if (rows < 1 || columns < 1) {
      throw new ShapeException("shape " + rows + " x " + columns + ": extents must be at least 1");
    }
    if (rows > Long.MAX_VALUE / 16 / columns) {
      throw new ShapeException("shape " + rows + " x " + columns + " is too large to address");
    }
  }

  /**
   * A row vector.
   *
   * @param n number of elements
   * @return {@code 1 x n}
   */
  public static Shape vector(long n) {
    return new Shape(1, n);
  }

  /**
   * Number of elements.
   *
   * @return rows times columns
   */
  public long elements() {
    return rows * columns;
  }

  @Override
  public String toString() {
    return rows + " x " + columns;
  }
}

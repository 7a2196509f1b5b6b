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
  /** What HotSpot allows: two elements less than the largest {@code int}. */
  private static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 2;

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

  /**
   * Number of elements, as the length of a Java array that holds them all.
   *
   * @return rows times columns
   * @throws ShapeException if there are more elements than an array can have
   */
  public int arrayLength() {
    if (elements() > MAX_ARRAY_LENGTH) {
      throw new ShapeException(
          "shape "
              + this
              + ": "
              + elements()
              + " elements do not fit a Java array of at most "
              + MAX_ARRAY_LENGTH);
    }
    return (int) elements();
  }

  @Override
  public String toString() {
    return rows + " x " + columns;
  }
}

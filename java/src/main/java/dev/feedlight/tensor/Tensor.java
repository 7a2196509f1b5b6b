package dev.feedlight.tensor;

/**
 * A matrix view of device memory: row-major, with a row stride so that a slice of columns is a
 * tensor too. The view owns nothing; its {@link Storage} belongs to a scope of the device.
 *
 * @param storage the bytes
 * @param byteOffset where the first element lies
 * @param shape rows and columns
 * @param rowStride elements from one row to the next, at least {@code shape.columns()}
 * @param dtype element type
 */
public record Tensor(Storage storage, long byteOffset, Shape shape, long rowStride, DType dtype) {
  /** Checks that the view lies inside its storage. */
  public Tensor {
    if (rowStride < shape.columns()) {
      throw new ShapeException(
          "row stride " + rowStride + " is less than the " + shape.columns() + " columns");
    }
    long last =
        Math.addExact(
            byteOffset,
            Math.multiplyExact(
                Math.addExact(Math.multiplyExact(shape.rows() - 1, rowStride), shape.columns()),
                dtype.bytes()));
    if (byteOffset < 0 || last > storage.bytes()) {
      throw new ShapeException(
          "a view of bytes ["
              + byteOffset
              + ", "
              + last
              + ") leaves its storage of "
              + storage.bytes()
              + " bytes ("
              + storage.owner()
              + ")");
    }
  }

  /**
   * A dense view of a whole storage.
   *
   * @param storage the bytes
   * @param shape rows and columns
   * @param dtype element type
   * @return the view
   */
  public static Tensor dense(Storage storage, Shape shape, DType dtype) {
    return new Tensor(storage, 0, shape, shape.columns(), dtype);
  }

  /**
   * Address of the first element.
   *
   * @return address in the device's space
   */
  public long address() {
    return storage.address() + byteOffset;
  }

  /**
   * Rows.
   *
   * @return number of rows
   */
  public long rows() {
    return shape.rows();
  }

  /**
   * Columns.
   *
   * @return number of columns
   */
  public long columns() {
    return shape.columns();
  }

  /**
   * Whether rows follow each other without gaps.
   *
   * @return true if the elements are contiguous
   */
  public boolean contiguous() {
    return rowStride == shape.columns() || shape.rows() == 1;
  }

  /**
   * Bytes of the elements, gaps not counted.
   *
   * @return bytes
   */
  public long bytes() {
    return shape.elements() * dtype.bytes();
  }

  /**
   * The first columns, as DFA slices one projection for layers of different widths.
   *
   * @param columns how many
   * @return a view
   */
  public Tensor firstColumns(long columns) {
    if (columns > shape.columns()) {
      throw new ShapeException(
          "cannot take the first " + columns + " columns of a tensor of shape " + shape);
    }
    return new Tensor(storage, byteOffset, new Shape(shape.rows(), columns), rowStride, dtype);
  }

  /**
   * A range of rows.
   *
   * @param first first row
   * @param count how many
   * @return a view
   */
  public Tensor rowRange(long first, long count) {
    if (first < 0 || count > shape.rows() - first) {
      throw new ShapeException(
          "cannot take rows [" + first + ", " + (first + count) + ") of shape " + shape);
    }
    return new Tensor(
        storage,
        byteOffset + first * rowStride * dtype.bytes(),
        new Shape(count, shape.columns()),
        rowStride,
        dtype);
  }

  /**
   * Whether two views share at least one storage byte range; used to order and fuse operations.
   *
   * @param other another tensor
   * @return true if both views may touch the same bytes
   */
  @SuppressWarnings("ReferenceEquality") // two storages of equal size are not the same memory
  public boolean overlaps(Tensor other) {
    return storage == other.storage && byteOffset < other.end() && other.byteOffset < end();
  }

  private long end() {
    return byteOffset + ((shape.rows() - 1) * rowStride + shape.columns()) * dtype.bytes();
  }

  /** Shape and type, for messages. */
  @Override
  public String toString() {
    return dtype + "[" + shape + "]";
  }
}

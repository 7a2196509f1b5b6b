package dev.feedlight.io;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import java.util.List;
import java.util.Objects;

/**
 * What a file says of one of its tensors.
 *
 * @param name unique in its file
 * @param type element type
 * @param extents sizes of the dimensions, slowest first, each 0 or more; empty for a scalar
 */
public record TensorInfo(String name, StoredType type, List<Long> extents) {
  /** Most dimensions of a tensor in a file (NumPy's limit). */
  static final int MAX_DIMENSIONS = 64;

  /** Checks that extents are not negative and that the bytes can be counted in a {@code long}. */
  public TensorInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    extents = List.copyOf(extents);
    if (bytesOf(extents, type) < 0) {
      throw new ShapeException(
          "tensor "
              + name
              + ": "
              + type
              + extents
              + " has a negative extent or too many bytes to count");
    }
  }

  /**
   * A matrix.
   *
   * @param name unique in its file
   * @param dtype element type
   * @param shape rows and columns
   * @return extents [rows, columns]
   */
  public static TensorInfo of(String name, DType dtype, Shape shape) {
    return new TensorInfo(name, StoredType.of(dtype), List.of(shape.rows(), shape.columns()));
  }

  /**
   * A vector.
   *
   * @param name unique in its file
   * @param dtype element type
   * @param elements how many
   * @return extents [elements]
   */
  public static TensorInfo vector(String name, DType dtype, long elements) {
    return new TensorInfo(name, StoredType.of(dtype), List.of(elements));
  }

  /**
   * Number of elements.
   *
   * @return the product of the extents; 1 for a scalar
   */
  public long elements() {
    return bytes() / type.bytes();
  }

  /**
   * Size of the elements.
   *
   * @return bytes
   */
  public long bytes() {
    return bytesOf(extents, type);
  }

  /**
   * Whether this is a matrix of the given shape.
   *
   * @param shape rows and columns
   * @return true if the extents are [rows, columns], or [columns] and there is one row
   */
  public boolean hasShape(Shape shape) {
    return extents.equals(List.of(shape.rows(), shape.columns()))
        || (shape.rows() == 1 && extents.equals(List.of(shape.columns())));
  }

  /** Refuses an array that does not hold the tensor exactly. */
  void requireLength(int length) {
    if (length != elements()) {
      throw new IndexOutOfBoundsException(
          this + " has " + elements() + " elements, the array " + length);
    }
  }

  /** The bytes, or -1 if an extent is negative or the count exceeds a long. */
  static long bytesOf(List<Long> extents, StoredType type) {
    long bytes = type.bytes();
    boolean empty = false;
    for (long extent : extents) {
      if (extent < 0) {
        return -1;
      }
      empty |= extent == 0;
    }
    if (empty) {
      return 0;
    }
    for (long extent : extents) {
      if (bytes > Long.MAX_VALUE / extent) {
        return -1;
      }
      bytes *= extent;
    }
    return bytes;
  }

  /** Name, type and extents, for messages. */
  @Override
  public String toString() {
    return name + " " + type + extents;
  }
}

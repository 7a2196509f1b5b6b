package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A copy between an array of the host and a tensor of raw device memory: what it must fit, and the
 * pieces that lie together on both sides.
 */
public final class HostCopy {
  private HostCopy() {}

  /** Copies a piece, to the device or from it. */
  @FunctionalInterface
  public interface Piece {
    /**
     * Copies it.
     *
     * @param address of its first byte on the device
     * @param host its bytes on the host
     */
    void copy(long address, MemorySegment host);
  }

  /**
   * Refuses what does not fit.
   *
   * @param tensor on the device
   * @param elements of the host's array
   * @param types that such an array stands for
   * @throws ShapeException if type or number of values differ
   */
  public static void check(Tensor tensor, int elements, DType... types) {
    if (!List.of(types).contains(tensor.dtype())) {
      throw new ShapeException(
          "cannot copy between "
              + List.of(types)
              + " on the host and a tensor of "
              + tensor.dtype());
    }
    if (elements != tensor.shape().elements()) {
      throw new ShapeException(
          "the host has "
              + elements
              + " values, the tensor of shape "
              + tensor.shape()
              + " has "
              + tensor.shape().elements());
    }
  }

  /**
   * Where the values of a tensor lie: rows of bytes, the one as far behind the other.
   *
   * @param address of the first byte on the device
   * @param count how many rows; 1 for all of a contiguous tensor
   * @param bytes of a row
   * @param stride bytes from the start of a row to that of the next
   */
  public record Rows(long address, long count, long bytes, long stride) {}

  /**
   * The rows of a tensor.
   *
   * @param tensor on the device
   * @return one row if it is contiguous
   */
  public static Rows rows(Tensor tensor) {
    long count = tensor.contiguous() ? 1 : tensor.rows();
    return new Rows(
        tensor.address(),
        count,
        tensor.bytes() / count,
        tensor.rowStride() * tensor.dtype().bytes());
  }

  /**
   * Goes through a tensor: in one piece if it is contiguous, otherwise row by row.
   *
   * @param tensor on the device
   * @param host as many bytes, row-major
   * @param piece copies each
   */
  public static void pieces(Tensor tensor, MemorySegment host, Piece piece) {
    Rows rows = rows(tensor);
    for (long row = 0; row < rows.count(); row++) {
      piece.copy(
          rows.address() + row * rows.stride(), host.asSlice(row * rows.bytes(), rows.bytes()));
    }
  }
}

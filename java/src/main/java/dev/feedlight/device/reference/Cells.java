package dev.feedlight.device.reference;

import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** The elements of a tensor by row and column, checked against its shape. */
final class Cells {
  private final Tensor tensor;
  private final MemorySegment segment;

  Cells(Tensor tensor) {
    this.tensor = tensor;
    this.segment = ReferenceStorage.segmentOf(tensor);
  }

  long rows() {
    return tensor.rows();
  }

  long columns() {
    return tensor.columns();
  }

  /** An F32 element. */
  float real(long row, long column) {
    return segment.get(ValueLayout.JAVA_FLOAT, offset(row, column));
  }

  void put(long row, long column, float value) {
    segment.set(ValueLayout.JAVA_FLOAT, offset(row, column), value);
  }

  /** An S32, S8 or U8 element. */
  int integer(long row, long column) {
    long offset = offset(row, column);
    return switch (tensor.dtype()) {
      case S32 -> segment.get(ValueLayout.JAVA_INT, offset);
      case S8 -> segment.get(ValueLayout.JAVA_BYTE, offset);
      case U8 -> Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, offset));
      case F32 -> throw new IllegalStateException(tensor + " does not hold integers");
    };
  }

  void put(long row, long column, int value) {
    long offset = offset(row, column);
    switch (tensor.dtype()) {
      case S32 -> segment.set(ValueLayout.JAVA_INT, offset, value);
      case S8, U8 -> segment.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
      case F32 -> throw new IllegalStateException(tensor + " does not hold integers");
    }
  }

  private long offset(long row, long column) {
    Objects.checkIndex(row, tensor.rows());
    Objects.checkIndex(column, tensor.columns());
    return tensor.byteOffset() + (row * tensor.rowStride() + column) * tensor.dtype().bytes();
  }
}

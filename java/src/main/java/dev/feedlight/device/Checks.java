package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.function.Supplier;

/** The wording of all operand checks. */
final class Checks {
  private Checks() {}

  static void type(String what, Tensor tensor, DType expected) {
    require(
        tensor.dtype() == expected,
        () -> what + " must be " + expected + ", but is " + tensor.dtype());
  }

  static void shape(String what, Shape actual, Shape expected) {
    require(
        actual.equals(expected), () -> what + " has shape " + actual + ", expected " + expected);
  }

  static void contiguous(String what, Tensor tensor) {
    require(
        tensor.contiguous(),
        () ->
            what
                + " must be contiguous, but has "
                + tensor.columns()
                + " columns at row stride "
                + tensor.rowStride());
  }

  static void require(boolean condition, Supplier<String> message) {
    if (!condition) {
      throw new ShapeException(message.get());
    }
  }
}

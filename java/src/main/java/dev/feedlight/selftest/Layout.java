package dev.feedlight.selftest;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** How an operand lies inside the larger tensor that guards it. */
enum Layout {
  /** Contiguous and aligned to 64 bytes, with as many bytes of guard before and after. */
  DENSE {
    @Override
    Shape outer(Shape shape, DType dtype) {
      return Shape.vector(shape.elements() + 2 * guard(dtype));
    }

    @Override
    Tensor view(Tensor outer, Shape shape) {
      long offset = guard(outer.dtype()) * outer.dtype().bytes();
      return new Tensor(outer.storage(), offset, shape, shape.columns(), outer.dtype());
    }

    private long guard(DType dtype) {
      return 64 / dtype.bytes();
    }
  },

  /** Some of the columns and rows of a wider matrix: a row stride, and no alignment to rely on. */
  SLICE {
    private static final int BEFORE = 3;
    private static final int AFTER = 5;

    @Override
    Shape outer(Shape shape, DType dtype) {
      return new Shape(shape.rows() + 2, BEFORE + shape.columns() + AFTER);
    }

    @Override
    Tensor view(Tensor outer, Shape shape) {
      long offset = (outer.columns() + BEFORE) * outer.dtype().bytes();
      return new Tensor(outer.storage(), offset, shape, outer.columns(), outer.dtype());
    }
  };

  /** Shape of the tensor that holds a view of a shape and its guard. */
  abstract Shape outer(Shape shape, DType dtype);

  /** The view of a tensor made with {@link #outer}. */
  abstract Tensor view(Tensor outer, Shape shape);

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

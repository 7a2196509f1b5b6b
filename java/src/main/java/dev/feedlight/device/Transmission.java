package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * The transmission matrix as kernels see it: {@code outputs x inputs} complex entries. Those made
 * of signed bytes u + iv give fields that are exact integers, the same on every device and for
 * every tiling; the others give fields in fp32.
 */
public sealed interface Transmission {
  /**
   * Columns of the matrix: controlled mirrors.
   *
   * @return number of inputs
   */
  long inputs();

  /**
   * Rows of the matrix: camera pixels that are read.
   *
   * @return number of outputs
   */
  long outputs();

  /**
   * Type of the fields that this matrix makes.
   *
   * @return S32 for exact integers, otherwise F32
   */
  DType fieldType();

  /**
   * Type of the products that make the fields.
   *
   * @return S8 for bytes, otherwise F32
   */
  default DType arithmetic() {
    return fieldType() == DType.S32 ? DType.S8 : DType.F32;
  }

  /**
   * Matrices whose fields are mixed into one.
   *
   * @return 1, or 2 for a drifting medium
   */
  default int parts() {
    return 1;
  }

  /**
   * Additions and multiplications of the field of one pattern.
   *
   * @return number of operations
   */
  default long flops() {
    return 4 * inputs() * outputs();
  }

  /**
   * What kernels read from memory.
   *
   * @return the entries and weights that are kept
   */
  List<Tensor> tensors();

  /**
   * The entries lie in memory: signed bytes, by {@link TransmissionBytes}, or floats.
   *
   * @param entries S8 or F32 of shape 2 outputs x inputs: row i holds the real part of output i,
   *     row outputs + i its imaginary part
   */
  record Stored(Tensor entries) implements Transmission {
    /** Checks that the rows come in pairs. */
    public Stored {
      if (entries.rows() % 2 != 0) {
        throw new ShapeException(
            "a stored transmission matrix has an even number of rows, not " + entries.rows());
      }
    }

    @Override
    public long inputs() {
      return entries.columns();
    }

    @Override
    public long outputs() {
      return entries.rows() / 2;
    }

    @Override
    public DType fieldType() {
      return entries.dtype() == DType.S8 ? DType.S32 : DType.F32;
    }

    @Override
    public List<Tensor> tensors() {
      return List.of(entries);
    }
  }

  /**
   * The bytes are made again, tile by tile, inside the kernel that needs them. Row i is that of the
   * pixel's number, see {@link PixelMap}.
   *
   * @param key Philox key
   * @param outputs rows
   * @param inputs columns
   */
  record Procedural(long key, long outputs, long inputs) implements Transmission {
    /** Checks the limits of the 32-bit counters and of the int32 field. */
    public Procedural {
      requireExtents(outputs, inputs, TransmissionBytes.MAX_OUTPUTS, TransmissionBytes.MAX_INPUTS);
    }

    @Override
    public DType fieldType() {
      return DType.S32;
    }

    @Override
    public List<Tensor> tensors() {
      return List.of();
    }
  }

  /**
   * Fast Hadamard products instead of a matrix; see {@link StructuredTransmission}. Row i is that
   * of the pixel's number, see {@link PixelMap}.
   *
   * @param key Philox key
   * @param outputs rows that are read
   * @param inputs columns
   * @param size extent of the Hadamard matrix, a power of two above every pixel's number and at
   *     least the inputs
   */
  record Structured(long key, long outputs, long inputs, long size) implements Transmission {
    /** Checks the extents. */
    public Structured {
      requireExtents(outputs, inputs, size, size);
      if (size != StructuredTransmission.size(size, size)) {
        throw new ShapeException(
            "the extent of the Hadamard matrix is a power of two from "
                + StructuredTransmission.MIN_SIZE
                + " to "
                + StructuredTransmission.MAX_SIZE
                + ", not "
                + size);
      }
    }

    @Override
    public DType fieldType() {
      return DType.F32;
    }

    /** Four transforms: two of real vectors, one for each part of the field. */
    @Override
    public long flops() {
      return 4 * size * Long.numberOfTrailingZeros(size);
    }

    @Override
    public List<Tensor> tensors() {
      return List.of();
    }
  }

  /**
   * A medium that changes: field = weights[0] start + weights[1] end, element by element, each
   * product and the sum one fp32 rounding. Whoever owns the weights changes them between steps.
   *
   * @param start the medium at the beginning
   * @param end the medium that it becomes; of the same extents and field type
   * @param weights F32, 1 x 2
   */
  record Drifting(Transmission start, Transmission end, Tensor weights) implements Transmission {
    /** Checks that the two media fit. */
    public Drifting {
      if (start.parts() != 1
          || start.getClass() != end.getClass()
          || start.outputs() != end.outputs()
          || start.inputs() != end.inputs()
          || start.fieldType() != end.fieldType()) {
        throw new ShapeException("a medium cannot drift from " + start + " to " + end);
      }
    }

    @Override
    public long inputs() {
      return start.inputs();
    }

    @Override
    public long outputs() {
      return start.outputs();
    }

    @Override
    public DType fieldType() {
      return DType.F32;
    }

    @Override
    public DType arithmetic() {
      return start.arithmetic();
    }

    @Override
    public int parts() {
      return 2;
    }

    @Override
    public long flops() {
      return start.flops() + end.flops();
    }

    @Override
    public List<Tensor> tensors() {
      return Stream.of(start.tensors(), end.tensors(), List.of(weights))
          .flatMap(List::stream)
          .toList();
    }
  }

  private static void requireExtents(long outputs, long inputs, long mostOutputs, long mostInputs) {
    if (outputs < 1 || inputs < 1) {
      throw new ShapeException(
          "transmission matrix of " + outputs + " x " + inputs + ": extents must be positive");
    }
    if (outputs > mostOutputs || inputs > mostInputs) {
      throw new ShapeException(
          "transmission matrix of "
              + outputs
              + " x "
              + inputs
              + " exceeds "
              + mostOutputs
              + " x "
              + mostInputs);
    }
  }
}

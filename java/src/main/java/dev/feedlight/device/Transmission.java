package dev.feedlight.device;

import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;

/**
 * The transmission matrix as kernels see it: {@code outputs x inputs} complex entries u + iv with
 * signed bytes u and v. What the bytes are is fixed for ever by {@link TransmissionBytes}.
 */
public sealed interface Transmission {
  /**
   * Columns of the matrix: controlled mirrors.
   *
   * @return number of inputs
   */
  long inputs();

  /**
   * Rows of the matrix: camera pixels.
   *
   * @return number of outputs
   */
  long outputs();

  /**
   * The bytes lie in memory.
   *
   * @param entries S8 of shape 2 outputs x inputs: row i holds u of pixel i, row outputs + i its v
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
  }

  /**
   * The bytes are made again, tile by tile, inside the kernel that needs them.
   *
   * @param key Philox key
   * @param outputs rows
   * @param inputs columns
   */
  record Procedural(long key, long outputs, long inputs) implements Transmission {
    /** Checks the limits of the 32-bit counters and of the int32 field. */
    public Procedural {
      if (outputs < 1 || inputs < 1) {
        throw new ShapeException(
            "transmission matrix of " + outputs + " x " + inputs + ": extents must be positive");
      }
      if (outputs > TransmissionBytes.MAX_OUTPUTS || inputs > TransmissionBytes.MAX_INPUTS) {
        throw new ShapeException(
            "transmission matrix of "
                + outputs
                + " x "
                + inputs
                + " exceeds "
                + TransmissionBytes.MAX_OUTPUTS
                + " x "
                + TransmissionBytes.MAX_INPUTS);
      }
    }
  }
}

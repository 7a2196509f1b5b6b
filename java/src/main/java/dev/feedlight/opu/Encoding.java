package dev.feedlight.opu;

import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;

/**
 * An encoder that knows its data. A row x becomes planes: ternary vectors t of the row's width, and
 * weights w with x ~ w[0] t[0] + w[1] t[1] + ... What is linear in the planes is decoded by the
 * same sum. Immutable.
 */
public final class Encoding {
  private final int inputs;
  private final float[] weights;
  private final boolean signed;
  private final RowEncoder encoder;

  /** Writes the planes of one row, one after the other. */
  @FunctionalInterface
  interface RowEncoder {
    void encode(float[] rows, int from, byte[] planes, int to);
  }

  /**
   * Makes an encoding.
   *
   * @param weights one per plane
   * @param signed whether planes have entries of -1
   */
  Encoding(int inputs, float[] weights, boolean signed, RowEncoder encoder) {
    this.inputs = inputs;
    this.weights = weights;
    this.signed = signed;
    this.encoder = encoder;
  }

  /**
   * Entries of a row.
   *
   * @return the width
   */
  public int inputs() {
    return inputs;
  }

  /**
   * Ternary vectors per row: so many linear projections does a row take.
   *
   * @return number of planes
   */
  public int planes() {
    return weights.length;
  }

  /**
   * Binary patterns per row: so many frames does the intensity of a row take.
   *
   * @return the planes, twice as many if they have signs
   */
  public int patterns() {
    return signed ? 2 * weights.length : weights.length;
  }

  /**
   * What one step of a plane is worth.
   *
   * @param plane its number
   * @return the weight
   */
  public float weight(int plane) {
    return weights[plane];
  }

  /**
   * Planes of rows, for linear projections: a plane's positive and negative mirrors together.
   *
   * @param rows finite numbers; a whole number of rows
   * @return -1, 0 or 1; rows x planes x inputs
   * @throws IllegalArgumentException if the length does not fit or an entry cannot be encoded
   */
  public byte[] ternary(float[] rows) {
    int count = requireRows(rows, inputs);
    byte[] encoded = new byte[new Shape(count, (long) planes() * inputs).arrayLength()];
    int size = encoded.length / count;
    for (int row = 0; row < count; row++) {
      encoder.encode(rows, row * inputs, encoded, row * size);
    }
    return encoded;
  }

  /**
   * Patterns of rows, for intensities: where planes have signs, all positive planes of a row, then
   * all negative ones.
   *
   * @param rows finite numbers; a whole number of rows
   * @return 0 or 1; rows x patterns x inputs
   * @throws IllegalArgumentException if the length does not fit or an entry cannot be encoded
   */
  public byte[] binary(float[] rows) {
    byte[] planes = ternary(rows);
    if (!signed) {
      return planes;
    }
    byte[] patterns = new byte[new Shape(2, planes.length).arrayLength()];
    int size = planes() * inputs;
    for (int i = 0; i < planes.length; i++) {
      int positive = i / size * 2 * size + i % size;
      patterns[positive] = (byte) (planes[i] > 0 ? 1 : 0);
      patterns[positive + size] = (byte) (planes[i] < 0 ? 1 : 0);
    }
    return patterns;
  }

  /**
   * Adds up what a linear map made of the planes, in double precision, rounded once.
   *
   * @param projected rows x planes x outputs
   * @param outputs entries per plane
   * @return rows x outputs
   * @throws ShapeException if the length does not fit
   */
  public float[] decode(float[] projected, int outputs) {
    long size = (long) planes() * outputs;
    if (outputs < 1 || projected.length % size != 0) {
      throw new ShapeException(
          projected.length
              + " numbers are not a whole number of rows of "
              + planes()
              + " planes of "
              + outputs);
    }
    float[] decoded = new float[projected.length / planes()];
    for (int i = 0; i < decoded.length; i++) {
      int first = i / outputs * planes() * outputs + i % outputs;
      double sum = 0;
      for (int plane = 0; plane < weights.length; plane++) {
        sum += (double) weights[plane] * projected[first + plane * outputs];
      }
      decoded[i] = (float) sum;
    }
    return decoded;
  }

  /**
   * What is left of rows: the numbers that the planes stand for.
   *
   * @param rows finite numbers; a whole number of rows
   * @return as many numbers
   * @throws IllegalArgumentException if the length does not fit or an entry cannot be encoded
   */
  public float[] quantised(float[] rows) {
    byte[] planes = ternary(rows);
    float[] values = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      values[i] = planes[i];
    }
    return decode(values, inputs);
  }

  /**
   * Refuses what is not rows of finite numbers.
   *
   * @return number of rows
   */
  static int requireRows(float[] rows, int inputs) {
    int count = requireRows(rows.length, inputs);
    for (int i = 0; i < rows.length; i++) {
      if (!Float.isFinite(rows[i])) {
        throw new IllegalArgumentException(
            "entry "
                + i % inputs
                + " of row "
                + i / inputs
                + " is "
                + rows[i]
                + "; mirrors show finite numbers");
      }
    }
    return count;
  }

  /**
   * Refuses what is not rows.
   *
   * @return number of rows
   */
  static int requireRows(int length, int inputs) {
    if (inputs < 1) {
      throw new ShapeException("a row has at least one entry, not " + inputs);
    }
    if (length == 0 || length % inputs != 0) {
      throw new ShapeException(
          length + " entries are not a whole number of rows of " + inputs + " inputs");
    }
    return length / inputs;
  }
}

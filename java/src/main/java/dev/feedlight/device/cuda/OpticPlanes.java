package dev.feedlight.device.cuda;

import java.util.List;

/**
 * Where kernels put fields: addresses of matrices of samples by outputs with one row stride.
 *
 * @param positiveReal of the positive mirrors
 * @param positiveImaginary of the positive mirrors
 * @param negativeReal of the negative mirrors; 0 if they are not wanted
 * @param negativeImaginary of the negative mirrors; 0 if they are not wanted
 * @param stride elements from one sample to the next
 */
record OpticPlanes(
    long positiveReal,
    long positiveImaginary,
    long negativeReal,
    long negativeImaginary,
    long stride) {
  /** Planes of a dense set. */
  static final int COUNT = 4;

  /** Four bytes, whether integers or floats. */
  static final int ELEMENT_BYTES = Integer.BYTES;

  /** Planes for the field of one pattern. */
  static OpticPlanes single(long real, long imaginary, long stride) {
    return new OpticPlanes(real, imaginary, 0, 0, stride);
  }

  /** Dense planes of a patch, one after another; all four, or those of one pattern. */
  static OpticPlanes dense(long address, OpticPatch patch, OpticMirrors mirrors) {
    long plane = ELEMENT_BYTES * patch.elements();
    return mirrors == OpticMirrors.APART
        ? new OpticPlanes(
            address, address + plane, address + 2 * plane, address + 3 * plane, patch.outputs())
        : single(address, address + plane, patch.outputs());
  }

  /** The addresses of those that are wanted. */
  List<Long> addresses() {
    return negativeReal == 0
        ? List.of(positiveReal, positiveImaginary)
        : List.of(positiveReal, positiveImaginary, negativeReal, negativeImaginary);
  }
}

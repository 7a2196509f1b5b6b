package dev.feedlight.device.cuda;

import dev.feedlight.device.FieldExtents;

/**
 * How the fields of an operation are cut into patches, and where the parts of one lie in scratch:
 * the planes of each medium, the mixed anchor, the transforms.
 *
 * @param extents of the operation
 * @param samples of a patch, at most
 * @param outputs of a patch, at most
 */
record OpticScratch(FieldExtents extents, long samples, long outputs) {
  private static final long ALIGNMENT = 256;

  /** Bytes of all planes of one medium at one sample and output. */
  private static final long PLANES = (long) OpticPlanes.COUNT * OpticPlanes.ELEMENT_BYTES;

  /**
   * Cuts whole samples off where transforms make all outputs of one at a time, otherwise outputs in
   * tiles of the products.
   *
   * @param patchBytes what a patch may take, unless one sample or tile needs more
   */
  static OpticScratch of(FieldExtents extents, long patchBytes) {
    long batch = extents.samples();
    long outputs = extents.outputs();
    long perOutput = PLANES * extents.parts();
    if (extents.structured()) {
      long perSample = OpticMatrix.hadamardBytes(1, extents.transform()) + perOutput * outputs;
      return new OpticScratch(extents, Math.clamp(patchBytes / perSample, 1, batch), outputs);
    }
    long tiles = Math.max(1, patchBytes / (perOutput * batch) / OpticMatrix.TILE);
    return new OpticScratch(extents, batch, Math.min(outputs, tiles * OpticMatrix.TILE));
  }

  private static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** Where the planes of a medium begin. */
  long planes(int part) {
    return part * aligned(PLANES * samples * outputs);
  }

  /** Where the anchor's field begins. */
  long anchor() {
    return planes(extents.parts());
  }

  /** Where the transforms begin. */
  long hadamard() {
    return anchor() + aligned(2L * OpticPlanes.ELEMENT_BYTES * outputs);
  }

  /** All of it. */
  long bytes() {
    return hadamard() + OpticMatrix.hadamardBytes(samples, extents.transform());
  }
}

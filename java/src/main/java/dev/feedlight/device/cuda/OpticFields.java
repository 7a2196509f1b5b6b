package dev.feedlight.device.cuda;

import static dev.feedlight.device.cuda.OpticLaunches.at;

import dev.feedlight.device.FieldExtents;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Fields behind the medium of one operation that pass through memory, as floats: the patches it is
 * cut into, where they lie in scratch, and the launches that compute them.
 */
final class OpticFields {
  private static final String FIELDS = "optics_fields";

  private final OpticLaunches launches;
  private final Transmission transmission;
  private final List<OpticPatch> patches;
  private final OpticMatrix matrix;
  private final OpticScratch scratch;
  private final long address;

  /**
   * Takes scratch memory for the patches.
   *
   * @param launches where launches go
   * @param transmission T
   * @param pixels numbers of its rows
   * @param pattern S8 or U8, batch x inputs
   */
  OpticFields(OpticLaunches launches, Transmission transmission, PixelMap pixels, Tensor pattern) {
    this.launches = launches;
    this.transmission = transmission;
    FieldScratch memory = launches.context().fieldScratch();
    FieldExtents extents = FieldExtents.of(transmission, pattern.rows());
    this.scratch = OpticScratch.of(extents, memory.patchBytes());
    this.patches =
        OpticPatch.cover(
            pattern.rows(), transmission.outputs(), scratch.samples(), scratch.outputs());
    this.address = memory.take(scratch.bytes());
    this.matrix = new OpticMatrix(launches, pattern, pixels, address + scratch.hadamard());
  }

  /** Whether one kernel makes fields, or a projection, with nothing between them and the result. */
  static boolean direct(FieldExtents extents) {
    return !extents.structured() && !extents.mixed();
  }

  List<OpticPatch> patches() {
    return patches;
  }

  /** Planes in scratch memory for the fields of a patch. */
  OpticPlanes planes(OpticPatch patch, OpticMirrors mirrors) {
    return planes(patch, mirrors, 0);
  }

  private OpticPlanes planes(OpticPatch patch, OpticMirrors mirrors, int part) {
    return OpticPlanes.dense(address + scratch.planes(part), patch, mirrors);
  }

  /** Computes the fields of a patch, mixed if the medium drifts. */
  void compute(OpticPatch patch, OpticMirrors mirrors, OpticPlanes target) {
    if (!(transmission instanceof Transmission.Drifting drifting)) {
      matrix.compute(transmission, patch, mirrors, target);
      return;
    }
    OpticPlanes start = planes(patch, mirrors, 0);
    OpticPlanes end = planes(patch, mirrors, 1);
    matrix.compute(drifting.start(), patch, mirrors, start);
    matrix.compute(drifting.end(), patch, mirrors, end);
    for (int plane = 0; plane < target.addresses().size(); plane++) {
      mix(
          drifting,
          target.addresses().get(plane),
          start.addresses().get(plane),
          end.addresses().get(plane),
          patch.samples(),
          patch.outputs(),
          target.stride(),
          patch.outputs());
    }
  }

  private void mix(
      Transmission.Drifting drifting,
      long mixed,
      long start,
      long end,
      long rows,
      long columns,
      long mixedStride,
      long stride) {
    launches.overElements(
        FIELDS,
        "fl_speckle_field_mix",
        rows * columns,
        new Arguments()
            .pointer(mixed)
            .pointer(start)
            .pointer(end)
            .tensor(drifting.weights())
            .flag(drifting.start().fieldType() == DType.F32)
            .s64(rows)
            .s64(columns)
            .s64(mixedStride)
            .s64(stride));
  }

  /** field = positive - negative, from the planes of a patch. */
  void subtract(OpticPatch patch, long field, long stride, long positive, long negative) {
    launches.overElements(
        FIELDS,
        "fl_speckle_field_difference",
        patch.elements(),
        new Arguments()
            .pointer(field)
            .pointer(positive)
            .pointer(negative)
            .s64(patch.samples())
            .s64(patch.outputs())
            .s64(stride)
            .s64(patch.outputs()));
  }

  /**
   * The anchor field at the outputs of a patch, mixed if the medium drifts.
   *
   * @param anchorField parts x 2 outputs, contiguous
   * @return planes of one row
   */
  OpticPlanes anchor(OpticPatch patch, Tensor anchorField) {
    long outputs = transmission.outputs();
    long start = at(anchorField, 0, patch.firstOutput());
    if (!(transmission instanceof Transmission.Drifting drifting)) {
      long imaginary = at(anchorField, 0, outputs + patch.firstOutput());
      return OpticPlanes.single(start, imaginary, outputs);
    }
    // The real and the imaginary parts of a row, as two rows.
    long end = at(anchorField, 1, patch.firstOutput());
    long anchor = address + scratch.anchor();
    mix(drifting, anchor, start, end, 2, patch.outputs(), patch.outputs(), outputs);
    long imaginary = anchor + OpticPlanes.ELEMENT_BYTES * patch.outputs();
    return OpticPlanes.single(anchor, imaginary, patch.outputs());
  }
}

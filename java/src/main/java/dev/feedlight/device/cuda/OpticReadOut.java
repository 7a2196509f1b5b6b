package dev.feedlight.device.cuda;

import static dev.feedlight.device.cuda.OpticLaunches.at;
import static dev.feedlight.device.cuda.OpticLaunches.optional;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.OpticalOperation;

/**
 * The struct of arguments with which kernels read out a projection: FlReadOut of
 * kernels/include/optics_readout.cuh.
 *
 * @param op the projection
 * @param normal address of the normal law's table
 */
record OpticReadOut(OpticalOperation.SpeckleProject op, long normal) {
  /** Of the whole projection, whose anchor field is that of one matrix. */
  Arguments arguments() {
    long outputs = op.transmission().outputs();
    return arguments(
        OpticPatch.whole(op.ternary().rows(), outputs),
        OpticPlanes.single(at(op.anchorField(), 0, 0), at(op.anchorField(), 0, outputs), outputs));
  }

  /**
   * Of a patch.
   *
   * @param anchor the anchor's field at its outputs
   */
  Arguments arguments(OpticPatch patch, OpticPlanes anchor) {
    long sample = patch.firstSample();
    long output = patch.firstOutput();
    Arguments arguments =
        new Arguments()
            .pointer(at(op.signal(), sample, output))
            .pointer(anchor.positiveReal())
            .pointer(anchor.positiveImaginary())
            .pointer(at(op.anchorCounts(), 0, output))
            .pointer(optional(op.pixels().numbers(), 0, output))
            .pointer(optional(op.pixels().response(), 0, output))
            .pointer(optional(op.pixels().response(), 1, output))
            .pointer(normal)
            .pointer(at(op.counts(), sample, 0))
            .pointer(at(op.rowScale(), 0, sample))
            .control(op.control())
            .flag(op.ideal());
    return camera(arguments, op.camera())
        .f32(op.readOut().anchorFloor())
        .flag(op.readOut().removeAnchorBias())
        .f32(op.readOut().unit())
        .s64(op.noiseKey())
        .s64(sample)
        .s64(output)
        .s64(op.transmission().inputs())
        .s64(op.signal().rowStride())
        .s64(op.counts().rowStride());
  }

  /** Exposure and imperfections, in the order of every kernel that has a camera. */
  static Arguments camera(Arguments arguments, CameraResponse camera) {
    return arguments
        .f32(camera.gain())
        .f32(camera.readNoise())
        .f32(camera.shotNoise())
        .f32(camera.darkOffset())
        .flag(camera.quantised())
        .f32(camera.maxCount());
  }
}

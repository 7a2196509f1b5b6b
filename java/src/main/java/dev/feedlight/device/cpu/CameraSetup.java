package dev.feedlight.device.cpu;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.PixelMap;
import dev.feedlight.tensor.DType;

/**
 * What camera loops need beside the fields, made when an operation is bound.
 *
 * @param camera exposure and imperfections
 * @param floatFields whether fields are fp32, otherwise int32
 * @param numbers address of the outputs' pixel numbers; 0 if output i is pixel i
 * @param sensitivity address of a factor per output; 0 if all pixels are alike
 * @param offset address of counts to add per output; 0 if all pixels are alike
 * @param noiseKey Philox key
 */
record CameraSetup(
    CameraResponse camera,
    boolean floatFields,
    long numbers,
    long sensitivity,
    long offset,
    long noiseKey) {

  static CameraSetup of(CameraResponse camera, DType fieldType, PixelMap pixels, long noiseKey) {
    boolean varies = pixels.response() != null;
    return new CameraSetup(
        camera,
        fieldType == DType.F32,
        pixels.numbers() == null ? 0 : pixels.numbers().address(),
        varies ? pixels.response().address() : 0,
        varies ? LinearKernels.address(pixels.response(), 1, 0) : 0,
        noiseKey);
  }

  /** Pixels that are alike, in order, behind int32 fields. */
  static CameraSetup plain(CameraResponse camera, long noiseKey) {
    return of(camera, DType.S32, PixelMap.PLAIN, noiseKey);
  }

  /** Whether every imperfection is off. */
  boolean ideal() {
    return camera.ideal() && !varies();
  }

  /** Whether pixels differ. */
  boolean varies() {
    return sensitivity != 0;
  }

  /** Number of the pixel that is output i. */
  int pixel(long output) {
    return numbers == 0 ? (int) output : CpuAddress.getInt(numbers, output);
  }
}

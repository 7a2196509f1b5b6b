package dev.feedlight.device.reference;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.NormalTable;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Tensor;

/** From integer intensities to counts, in single precision: the bits are part of the contract. */
final class ReferenceCamera {
  private final CameraResponse camera;
  private final long noiseKey;
  private final float[] normal = NormalTable.values();
  private final int[] block = new int[4];

  ReferenceCamera(CameraResponse camera, long noiseKey) {
    this.camera = camera;
    this.noiseKey = noiseKey;
  }

  static void expose(
      Tensor counts,
      Tensor field,
      CameraResponse camera,
      long noiseKey,
      long projection,
      int frame) {
    Cells out = new Cells(counts);
    Cells in = new Cells(field);
    ReferenceCamera reference = new ReferenceCamera(camera, noiseKey);
    for (long sample = 0; sample < out.rows(); sample++) {
      for (long pixel = 0; pixel < out.columns(); pixel++) {
        long intensity =
            intensity(in.integer(sample, pixel), in.integer(sample, out.columns() + pixel));
        out.put(sample, pixel, reference.count(intensity, pixel, projection + sample, frame));
      }
    }
  }

  /** |field|^2, exact. */
  static long intensity(long real, long imaginary) {
    return Math.addExact(Math.multiplyExact(real, real), Math.multiplyExact(imaginary, imaginary));
  }

  /** The count of one pixel; the assignments round to float one by one, in the stated order. */
  float count(long intensity, long pixel, long projection, int frame) {
    float s = (float) intensity * camera.gain();
    if (camera.noisy()) {
      float shot = camera.shotNoise() * s;
      float read = camera.readNoise() * camera.readNoise();
      float variance = shot + read;
      float deviation = (float) Math.sqrt(variance);
      float noise = deviation * deviate(pixel, projection, frame);
      s = s + noise;
    }
    if (camera.quantised()) {
      s = (float) Math.rint(s);
      s = Math.max(s, 0);
    }
    return Math.min(s, camera.maxCount());
  }

  private float deviate(long pixel, long projection, int frame) {
    Philox.block(
        noiseKey, (int) pixel, (int) projection, (int) (projection >>> 32), frame >> 2, block);
    return normal[block[frame & 3] >>> NormalTable.INDEX_SHIFT];
  }
}

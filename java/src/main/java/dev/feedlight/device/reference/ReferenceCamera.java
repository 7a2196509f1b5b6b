package dev.feedlight.device.reference;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.NormalTable;
import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;

/** From intensities to counts, in single precision: the bits are part of the contract. */
final class ReferenceCamera {
  private final CameraResponse camera;
  private final PixelMap pixels;
  private final long noiseKey;
  private final float[] normal = NormalTable.values();
  private final int[] block = new int[4];

  ReferenceCamera(CameraResponse camera, PixelMap pixels, long noiseKey) {
    this.camera = camera;
    this.pixels = pixels;
    this.noiseKey = noiseKey;
  }

  static void expose(OpticalOperation.CameraExpose op) {
    Cells out = new Cells(op.counts());
    Cells in = new Cells(op.field());
    ReferenceCamera reference = new ReferenceCamera(op.camera(), op.pixels(), op.noiseKey());
    for (long sample = 0; sample < out.rows(); sample++) {
      for (long pixel = 0; pixel < out.columns(); pixel++) {
        float intensity = field(in, op.field().dtype(), sample, pixel).intensity();
        long projection = op.projection() + sample;
        out.put(sample, pixel, reference.count(intensity, pixel, projection, op.frame()));
      }
    }
  }

  /** The field of one pixel in a row of real parts, then imaginary parts. */
  static Field field(Cells cells, DType type, long row, long pixel) {
    long imaginary = cells.columns() / 2 + pixel;
    return type == DType.S32
        ? new Field.Exact(cells.integer(row, pixel), cells.integer(row, imaginary))
        : new Field.Rounded(cells.real(row, pixel), cells.real(row, imaginary));
  }

  /** The count of one output; the assignments round to float one by one, in the stated order. */
  float count(float intensity, long output, long projection, int frame) {
    float s = intensity * camera.gain();
    if (pixels.response() != null) {
      s = s * new Cells(pixels.response()).real(0, output);
    }
    if (camera.noisy()) {
      float shot = camera.shotNoise() * s;
      float read = camera.readNoise() * camera.readNoise();
      float variance = shot + read;
      float deviation = (float) Math.sqrt(variance);
      long pixel = ReferenceMedium.number(pixels, output);
      float noise = deviation * deviate(pixel, projection, frame);
      s = s + noise;
    }
    if (camera.darkOffset() != 0) {
      s = s + camera.darkOffset();
    }
    if (pixels.response() != null) {
      s = s + new Cells(pixels.response()).real(1, output);
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

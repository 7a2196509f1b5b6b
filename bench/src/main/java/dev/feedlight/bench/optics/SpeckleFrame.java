package dev.feedlight.bench.optics;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.opu.CalibrationReport;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.OpuSettings;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * One camera frame of a random pattern of mirrors, exposed by itself.
 *
 * @param width pixels per row
 * @param height rows
 * @param inputs mirrors that could be lit
 * @param lit mirrors that are
 * @param counts row by row
 * @param camera noise, dark offset and full scale; its gain is that of the calibration
 * @param calibration what the unit found when it was made
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SpeckleFrame(
    int width,
    int height,
    int inputs,
    int lit,
    float[] counts,
    CameraResponse camera,
    CalibrationReport calibration) {
  /**
   * Takes a frame.
   *
   * @param device where the unit is emulated
   * @param settings its parts
   * @param width pixels per row
   * @param height rows
   * @param inputs mirrors that could be lit
   * @param lit mirrors that are, at random places
   * @param seed of medium, defects, noise and places
   */
  static SpeckleFrame take(
      Device device, OpuSettings settings, int width, int height, int inputs, int lit, long seed) {
    try (Scope scope = device.openScope("speckle")) {
      EmulatedOpu unit =
          new EmulatedOpu(device, scope, settings, inputs, (long) width * height, seed);
      float[] counts = unit.autoExposed(pattern(inputs, lit, seed));
      return new SpeckleFrame(
          width, height, inputs, lit, counts, unit.camera(), unit.calibration());
    }
  }

  private static byte[] pattern(int inputs, int lit, long seed) {
    byte[] pattern = new byte[inputs];
    for (int place : new RandomPlaces(inputs, new Random(seed)).draw(lit)) {
      pattern[place] = 1;
    }
    return pattern;
  }

  /**
   * The frame as an 8-bit grey image, a pixel for a pixel: black is 0, white full scale.
   *
   * @param bits of the camera, also of one that does not quantise and has no full scale
   */
  BufferedImage image(int bits) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    double white = Math.scalb(1.0, bits) - 1;
    int[] grey = new int[counts.length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (int) Math.clamp(Math.rint(counts[i] * 255 / white), 0, 255);
    }
    image.getRaster().setPixels(0, 0, width, height, grey);
    return image;
  }
}

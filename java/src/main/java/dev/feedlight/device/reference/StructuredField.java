package dev.feedlight.device.reference;

import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.StructuredTransmission.Plane;
import java.util.Arrays;

/**
 * The field behind the structured transmission matrix: the definition of {@link
 * StructuredTransmission}, step by step, in fp32.
 *
 * @param real real parts, one per output
 * @param imaginary imaginary parts, one per output
 */
@SuppressWarnings("ArrayRecordComponent")
public record StructuredField(float[] real, float[] imaginary) {
  /**
   * Computes the field of one pattern.
   *
   * @param key Philox key
   * @param pattern one value per input: -1, 0 or 1
   * @param outputs rows of T
   * @return the field
   */
  public static StructuredField of(long key, int[] pattern, int outputs) {
    return of(key, pattern, outputs, StructuredTransmission.size(pattern.length, outputs));
  }

  /** The same with N given. */
  static StructuredField of(long key, int[] pattern, int outputs, int size) {
    boolean[] first = plane(key, Plane.FIRST, size);
    boolean[] second = plane(key, Plane.SECOND, size);
    boolean[] third = plane(key, Plane.THIRD, size);
    boolean[] turn = plane(key, Plane.TURN, size);
    float[] v = new float[size];
    for (int j = 0; j < pattern.length; j++) {
      v[j] = first[j] ? -pattern[j] : pattern[j]; // an integer: no -0
    }
    transform(v);
    for (int j = 0; j < size; j++) {
      v[j] = second[j] ? -v[j] : v[j];
    }
    transform(v);
    float[] real = new float[size];
    float[] imaginary = new float[size];
    for (int j = 0; j < size; j++) {
      float scaled = v[j] * StructuredTransmission.scale(size);
      (turn[j] ? imaginary : real)[j] = third[j] ? -scaled : scaled;
    }
    transform(real);
    transform(imaginary);
    return new StructuredField(Arrays.copyOf(real, outputs), Arrays.copyOf(imaginary, outputs));
  }

  private static void transform(float[] v) {
    for (int stride = 1; stride < v.length; stride *= 2) {
      for (int j = 0; j < v.length; j++) {
        if ((j & stride) == 0) {
          float a = v[j];
          float b = v[j + stride];
          v[j] = a + b;
          v[j + stride] = a - b;
        }
      }
    }
  }

  private static boolean[] plane(long key, Plane plane, int size) {
    int[] words = new int[4];
    boolean[] bits = new boolean[size];
    for (int j = 0; j < size; j++) {
      int inBlock = j % StructuredTransmission.BITS_PER_BLOCK;
      if (inBlock == 0) {
        StructuredTransmission.bits(key, plane, j / StructuredTransmission.BITS_PER_BLOCK, words);
      }
      bits[j] = (words[inBlock / Integer.SIZE] >>> inBlock % Integer.SIZE & 1) != 0;
    }
    return bits;
  }
}

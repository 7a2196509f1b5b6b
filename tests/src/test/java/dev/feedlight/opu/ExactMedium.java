package dev.feedlight.opu;

import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;

/** T entry by entry from its definition, and what follows from it in exact integers. */
final class ExactMedium {
  private static final byte[] TABLE = TransmissionBytes.table();

  private final long key;
  private final int inputs;

  ExactMedium(long seed, int inputs) {
    this.key = Philox.deriveKey(seed, Stream.TRANSMISSION, 0);
    this.inputs = inputs;
  }

  /** A field at one pixel. */
  record Field(long real, long imaginary) {
    long intensity() {
      return Math.addExact(
          Math.multiplyExact(real, real), Math.multiplyExact(imaginary, imaginary));
    }

    double abs() {
      return Math.sqrt((double) intensity());
    }
  }

  /** T x at one pixel, where x is the vector that begins at an offset. */
  Field field(int pixel, byte[] vectors, int offset) {
    int[] words = new int[4];
    long real = 0;
    long imaginary = 0;
    for (int column = 0; column < inputs; column++) {
      Philox.block(key, column / 8, pixel, 0, 0, words);
      int lane = column % 8;
      int shift = 8 * (lane % 4);
      real += vectors[offset + column] * TABLE[(words[lane / 4] >>> shift) & 0xFF];
      imaginary += vectors[offset + column] * TABLE[(words[2 + lane / 4] >>> shift) & 0xFF];
    }
    return new Field(real, imaginary);
  }

  Field anchor(int pixel) {
    return field(pixel, Patterns.ones(inputs), 0);
  }

  /** I(P) - I(1-P) - I(N) + I(1-N) of the vector that begins at an offset. */
  long fourFrames(int pixel, byte[] ternary, int offset) {
    byte[] p = new byte[inputs];
    byte[] notP = new byte[inputs];
    byte[] n = new byte[inputs];
    byte[] notN = new byte[inputs];
    for (int i = 0; i < inputs; i++) {
      p[i] = (byte) (ternary[offset + i] > 0 ? 1 : 0);
      n[i] = (byte) (ternary[offset + i] < 0 ? 1 : 0);
      notP[i] = (byte) (1 - p[i]);
      notN[i] = (byte) (1 - n[i]);
    }
    return field(pixel, p, 0).intensity()
        - field(pixel, notP, 0).intensity()
        - field(pixel, n, 0).intensity()
        + field(pixel, notN, 0).intensity();
  }
}

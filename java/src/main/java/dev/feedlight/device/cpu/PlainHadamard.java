package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.getByte;
import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;
import static dev.feedlight.device.cpu.CpuAddress.setInt;

import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.StructuredTransmission.Plane;

/** The steps one element at a time. */
final class PlainHadamard implements HadamardLoops {
  @Override
  public void bits(long bits, Plane plane, long first, long n, long key) {
    int[] words = new int[PlainRandom.WORDS];
    for (long done = 0; done < n; done += StructuredTransmission.BITS_PER_BLOCK) {
      long block = (first + done) / StructuredTransmission.BITS_PER_BLOCK;
      StructuredTransmission.bits(key, plane, (int) block, words);
      for (int w = 0; w < words.length; w++) {
        setInt(bits + done / Byte.SIZE, w, words[w]);
      }
    }
  }

  @Override
  public void light(long x, long n, long pattern, long lit, Mirrors mirrors, long signs) {
    light(x, 0, n, pattern, lit, mirrors, signs);
  }

  /** Elements [first, n). */
  static void light(
      long x, long first, long n, long pattern, long lit, Mirrors mirrors, long signs) {
    for (long i = first; i < lit; i++) {
      int mirror = Math.clamp(getByte(pattern, i), mirrors.lowest(), mirrors.highest());
      boolean negated = bit(signs, i) != (mirrors.flips() != 0);
      setFloat(x, i, negated ? -mirror : mirror);
    }
    for (long i = Math.max(first, lit); i < n; i++) {
      setFloat(x, i, 0);
    }
  }

  private static boolean bit(long bits, long i) {
    return (getByte(bits, i / Byte.SIZE) >>> (i % Byte.SIZE) & 1) != 0;
  }

  @Override
  public void flip(long x, long n, long signs) {
    for (long i = 0; i < n; i++) {
      if (bit(signs, i)) {
        setFloat(x, i, -getFloat(x, i));
      }
    }
  }

  @Override
  public void turn(long real, long imaginary, long n, long turns, long signs, float scale) {
    for (long i = 0; i < n; i++) {
      float scaled = getFloat(real, i) * scale;
      float v = bit(signs, i) ? -scaled : scaled;
      boolean turned = bit(turns, i);
      setFloat(real, i, turned ? 0 : v);
      setFloat(imaginary, i, turned ? v : 0);
    }
  }

  @Override
  public void rows(long x, long n) {
    columns(x, n, 1, 0, 1);
  }

  @Override
  public void columns(long x, long n, long row, long first, long columns) {
    for (long stride = row; stride < n; stride *= 2) {
      for (long begin = first; begin < n; begin += row) {
        if ((begin & stride) == 0) {
          butterflies(x + begin * Float.BYTES, columns, stride);
        }
      }
    }
  }

  private static void butterflies(long x, long n, long stride) {
    for (long i = 0; i < n; i++) {
      float a = getFloat(x, i);
      float b = getFloat(x, i + stride);
      setFloat(x, i, a + b);
      setFloat(x, i + stride, a - b);
    }
  }
}

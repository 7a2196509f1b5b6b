package dev.feedlight.opu;

import java.util.Arrays;
import java.util.Random;

/** Vectors for the mirrors, from fixed seeds. */
final class Patterns {
  private Patterns() {}

  static byte[] ones(int n) {
    byte[] vector = new byte[n];
    Arrays.fill(vector, (byte) 1);
    return vector;
  }

  /** The first k of n mirrors on. */
  static byte[] firstOnes(int k, int n) {
    byte[] vector = new byte[n];
    Arrays.fill(vector, 0, k, (byte) 1);
    return vector;
  }

  /** Entries that are not 0 with probability density, each sign as likely as the other. */
  static byte[] ternary(int count, int n, double density, long seed) {
    Random random = new Random(seed);
    byte[] vectors = new byte[count * n];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = (byte) (random.nextDouble() >= density ? 0 : random.nextBoolean() ? 1 : -1);
    }
    return vectors;
  }

  static byte[] binary(int count, int n, double density, long seed) {
    byte[] vectors = ternary(count, n, density, seed);
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = (byte) Math.abs(vectors[i]);
    }
    return vectors;
  }

  static int sum(byte[] vector) {
    int sum = 0;
    for (byte value : vector) {
      sum += value;
    }
    return sum;
  }

  static int lit(byte[] vector) {
    int count = 0;
    for (byte value : vector) {
      count += value != 0 ? 1 : 0;
    }
    return count;
  }

  static byte[] concatenated(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }
}

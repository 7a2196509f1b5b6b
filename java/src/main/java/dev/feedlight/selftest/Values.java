package dev.feedlight.selftest;

import dev.feedlight.device.Activation;
import dev.feedlight.device.reference.ReferenceActivations;
import dev.feedlight.tensor.Philox;

/** Operand values: a Philox sequence. */
final class Values {
  private final long key;
  private final int[] block = new int[4];
  private int used;

  Values(long key) {
    this.key = key;
  }

  /** Uniform in [low, high). */
  Matrix uniform(int rows, int columns, double low, double high) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * unit());
    }
    return new Matrix(rows, columns, values);
  }

  /** Uniform in [-1, 1). */
  Matrix uniform(int rows, int columns) {
    return uniform(rows, columns, -1, 1);
  }

  /** What a forward pass saves for f': z in [-3, 3) or f(z); null for the identity. */
  Matrix saved(Activation activation, int rows, int columns) {
    if (activation == Activation.IDENTITY) {
      return null;
    }
    Matrix z = uniform(rows, columns, -3, 3);
    return activation.gradientNeedsPreActivation()
        ? z
        : z.map(value -> ReferenceActivations.value(activation, value));
  }

  /** -1, 0 and 1 with two thirds not 0. */
  byte[] ternary(int n) {
    byte[] values = new byte[n];
    for (int i = 0; i < n; i++) {
      values[i] = (byte) (below(3) - 1);
    }
    return values;
  }

  /** 0 and 1. */
  byte[] binary(int n) {
    byte[] values = new byte[n];
    for (int i = 0; i < n; i++) {
      values[i] = (byte) below(2);
    }
    return values;
  }

  /** Integers in [-limit, limit). */
  int[] integers(int n, int limit) {
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = (int) Math.floor(2.0 * limit * unit()) - limit;
    }
    return values;
  }

  /** Class numbers in [0, classes). */
  int[] labels(int n, int classes) {
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = below(classes);
    }
    return values;
  }

  private int below(int limit) {
    return (int) (limit * unit());
  }

  private double unit() {
    if (used % 4 == 0) {
      Philox.block(key, used / 4, 0, 0, 0, block);
    }
    return Integer.toUnsignedLong(block[used++ % 4]) * 0x1p-32;
  }
}

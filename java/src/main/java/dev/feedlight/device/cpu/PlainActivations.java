package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.CpuAddress.copyFloats;
import static dev.feedlight.device.cpu.CpuAddress.getFloat;
import static dev.feedlight.device.cpu.CpuAddress.setFloat;

import dev.feedlight.device.Activation;

/** Activations and their gradients on one contiguous run of floats. */
final class PlainActivations {
  private PlainActivations() {}

  static void activate(Activation f, long y, long z, long n) {
    switch (f) {
      case IDENTITY -> {
        if (y != z) {
          copyFloats(y, z, n);
        }
      }
      case RELU -> {
        for (long i = 0; i < n; i++) {
          float x = getFloat(z, i);
          setFloat(y, i, x <= 0 ? 0 : x);
        }
      }
      case TANH -> {
        for (long i = 0; i < n; i++) {
          setFloat(y, i, LoopsMath.tanh(getFloat(z, i)));
        }
      }
      case SIGMOID -> {
        for (long i = 0; i < n; i++) {
          setFloat(y, i, LoopsMath.sigmoid(getFloat(z, i)));
        }
      }
      case GELU -> {
        for (long i = 0; i < n; i++) {
          setFloat(y, i, LoopsMath.gelu(getFloat(z, i)));
        }
      }
    }
  }

  static void gradient(Activation f, long dz, long dy, long saved, long n) {
    switch (f) {
      case IDENTITY -> {
        if (dz != dy) {
          copyFloats(dz, dy, n);
        }
      }
      case RELU -> {
        for (long i = 0; i < n; i++) {
          float y = getFloat(saved, i);
          setFloat(dz, i, y > 0 ? getFloat(dy, i) : y <= 0 ? 0 : y); // NaN stays
        }
      }
      case TANH -> {
        for (long i = 0; i < n; i++) {
          float y = getFloat(saved, i);
          setFloat(dz, i, getFloat(dy, i) * (1f - y * y));
        }
      }
      case SIGMOID -> {
        for (long i = 0; i < n; i++) {
          float y = getFloat(saved, i);
          setFloat(dz, i, getFloat(dy, i) * (y * (1f - y)));
        }
      }
      case GELU -> {
        for (long i = 0; i < n; i++) {
          setFloat(dz, i, getFloat(dy, i) * LoopsMath.geluGradient(getFloat(saved, i)));
        }
      }
    }
  }
}

package dev.feedlight.selftest;

import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.Transmission;
import dev.feedlight.device.reference.SpeckleRow;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Locale;

/** Where the entries of the transmission matrix come from. */
enum SpeckleSource {
  /** Bytes in memory, written by the host. */
  STORED {
    @Override
    Transmission transmission(
        Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout) {
      byte[] entries = bytes(bench.key(), s, pixels);
      Shape shape = new Shape(2L * s.outputs(), s.inputs());
      return new Transmission.Stored(bench.bytes("entries", layout, shape, DType.S8, entries));
    }
  },

  /** Bytes made by the kernel. */
  PROCEDURAL {
    @Override
    Transmission transmission(
        Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout) {
      return new Transmission.Procedural(bench.key(), s.outputs(), s.inputs());
    }
  },

  /** Floats in memory, whose integer values make every sum exact. */
  FLOATS {
    @Override
    Transmission transmission(
        Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout) {
      return floats(bench, s, pixels, layout, bench.key());
    }
  },

  /** Fast Hadamard products. */
  STRUCTURED {
    @Override
    Transmission transmission(
        Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout) {
      return structured(bench.key(), s, pixels);
    }
  },

  /** Between two structured matrices. */
  DRIFTING_STRUCTURED {
    @Override
    Transmission transmission(
        Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout) {
      return new Transmission.Drifting(
          structured(bench.key(), s, pixels),
          structured(bench.key() + 1, s, pixels),
          weights(bench));
    }

    @Override
    int parts() {
      return 2;
    }
  },

  /** Between two matrices of bytes. */
  DRIFTING {
    @Override
    Transmission transmission(
        Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout) {
      return new Transmission.Drifting(
          PROCEDURAL.transmission(bench, s, pixels, layout),
          new Transmission.Procedural(bench.key() + 1, s.outputs(), s.inputs()),
          weights(bench));
    }

    @Override
    int parts() {
      return 2;
    }
  },

  /** Between two matrices of floats. */
  DRIFTING_FLOATS {
    @Override
    Transmission transmission(
        Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout) {
      return new Transmission.Drifting(
          floats(bench, s, pixels, layout, bench.key()),
          floats(bench, s, pixels, layout, bench.key() + 1),
          weights(bench));
    }

    @Override
    int parts() {
      return 2;
    }
  };

  /** The matrix whose key is the case's; a second one has the next key. */
  abstract Transmission transmission(
      Workbench bench, SpeckleShape shape, SpecklePixels pixels, Layout layout);

  /** Matrices whose fields are mixed. */
  int parts() {
    return 1;
  }

  private static byte[] bytes(long key, SpeckleShape s, SpecklePixels pixels) {
    int n = s.inputs();
    byte[] entries = new byte[2 * s.outputs() * n];
    for (int row = 0; row < s.outputs(); row++) {
      SpeckleRow bytes = SpeckleRow.generate(key, pixels.number(row), n);
      System.arraycopy(bytes.real(), 0, entries, row * n, n);
      System.arraycopy(bytes.imaginary(), 0, entries, (s.outputs() + row) * n, n);
    }
    return entries;
  }

  private static Transmission floats(
      Workbench bench, SpeckleShape s, SpecklePixels pixels, Layout layout, long key) {
    byte[] entries = bytes(key, s, pixels);
    float[] values = new float[entries.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = entries[i];
    }
    Matrix matrix = new Matrix(2 * s.outputs(), s.inputs(), values);
    return new Transmission.Stored(bench.floats("entries " + key, layout, matrix));
  }

  private static Transmission structured(long key, SpeckleShape s, SpecklePixels pixels) {
    int region = pixels.region(s.outputs());
    int size = StructuredTransmission.size(s.inputs(), region);
    return new Transmission.Structured(key, s.outputs(), s.inputs(), size);
  }

  private static Tensor weights(Workbench bench) {
    Matrix matrix = new Matrix(1, 2, new float[] {0.8f, 0.6f});
    return bench.floats("drift weights", Layout.DENSE, matrix);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

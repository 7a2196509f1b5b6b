package dev.feedlight.selftest;

import dev.feedlight.device.Transmission;
import dev.feedlight.device.reference.SpeckleRow;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;

/** Where the bytes of the transmission matrix come from. */
enum SpeckleSource {
  /** In memory, written by the host. */
  STORED {
    @Override
    Transmission transmission(Workbench bench, SpeckleShape s, Layout layout) {
      int n = s.inputs();
      byte[] entries = new byte[2 * s.outputs() * n];
      for (int row = 0; row < s.outputs(); row++) {
        SpeckleRow bytes = SpeckleRow.generate(bench.key(), row, n);
        System.arraycopy(bytes.real(), 0, entries, row * n, n);
        System.arraycopy(bytes.imaginary(), 0, entries, (s.outputs() + row) * n, n);
      }
      Shape shape = new Shape(2L * s.outputs(), n);
      return new Transmission.Stored(bench.bytes("entries", layout, shape, DType.S8, entries));
    }
  },

  /** Made by the kernel. */
  PROCEDURAL {
    @Override
    Transmission transmission(Workbench bench, SpeckleShape s, Layout layout) {
      return new Transmission.Procedural(bench.key(), s.outputs(), s.inputs());
    }
  };

  /** The matrix whose key is the case's. */
  abstract Transmission transmission(Workbench bench, SpeckleShape shape, Layout layout);

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

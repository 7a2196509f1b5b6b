package dev.feedlight.opu;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Locale;

/**
 * Where the entries of the scattering medium's transmission matrix come from. Both kinds have the
 * same entries, bit for bit; they trade memory for arithmetic.
 */
public enum TransmissionMatrix {
  /** Two bytes per entry in memory, filled once. */
  STORED,
  /** Made again from Philox for every projection; needs no memory, so size is only time. */
  PROCEDURAL;

  /**
   * Makes the matrix on a device.
   *
   * @param device the device
   * @param scope owns the bytes of a stored matrix
   * @param outputs rows, camera pixels
   * @param inputs columns, mirrors
   * @param key Philox key
   * @return what kernels take
   */
  Transmission create(Device device, Scope scope, long outputs, long inputs, long key) {
    Transmission.Procedural definition = new Transmission.Procedural(key, outputs, inputs);
    return switch (this) {
      case PROCEDURAL -> definition;
      case STORED -> {
        Tensor entries =
            scope.allocate("transmission matrix", new Shape(2 * outputs, inputs), DType.S8);
        device.eager().speckleGenerate(entries, key);
        yield new Transmission.Stored(entries);
      }
    };
  }

  /** Lower case, as on the command line and in result files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.feedlight.opu;

import java.util.Locale;

/**
 * Where the entries of the scattering medium's transmission matrix come from. The first two have
 * the same entries, bit for bit, and trade memory for arithmetic; the others are other matrices.
 */
public enum TransmissionMatrix {
  /** Two bytes per entry in memory, filled once. */
  STORED,
  /** Made again from Philox for every projection; needs no memory, so size is only time. */
  PROCEDURAL,
  /**
   * H D H D H D with Hadamard matrices H and random diagonals D, by fast transforms: n log n
   * operations and no memory, up to 2^21 inputs or outputs. Fields are fp32. Entries depend on the
   * power of two above inputs and outputs.
   */
  STRUCTURED,
  /**
   * Normal deviates in fp32 (Box and Muller on Philox), eight bytes per entry in memory: for those
   * who want no table of bytes, and to test it against.
   */
  GAUSSIAN32,
  /**
   * Normal deviates in fp32 by the random generator of the GPU's vendor (cuRAND), eight bytes per
   * entry in memory: what others fill theirs with. The entries are the library's; more inputs or
   * outputs make it another matrix.
   */
  CURAND;

  /**
   * Whether every device can make it.
   *
   * @return false for one that needs a vendor's library and its GPU
   */
  public boolean everywhere() {
    return this != CURAND;
  }

  /** Lower case, as on the command line and in result files. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.feedlight.fuzz;

import java.util.random.RandomGenerator;

/** A random change of a file. */
@FunctionalInterface
public interface Edit {
  /**
   * Changes a file.
   *
   * @param file stays as it is; may be damaged already
   * @param random decides everything
   * @return the changed file, or the same array if this change does not apply
   */
  byte[] apply(byte[] file, RandomGenerator random);
}

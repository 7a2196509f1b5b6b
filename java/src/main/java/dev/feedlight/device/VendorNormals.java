package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;

/**
 * Normal deviates of a library of the device's vendor. Their bits are the library's: the same for
 * one seed and one {@link Generator}, and nobody else can make them again.
 */
public interface VendorNormals {
  /**
   * What makes the deviates.
   *
   * @param library name, for example {@code cuRAND}
   * @param version of the library, for example {@code 10.3.7}
   * @param algorithm of the generator, as the library calls it
   * @param order of the results in memory, as the library calls it
   */
  record Generator(String library, String version, String algorithm, String order) {
    /** One line for people. */
    @Override
    public String toString() {
      return library + " " + version + ", generator " + algorithm + ", order " + order;
    }
  }

  /**
   * What makes the deviates.
   *
   * @return library, version and kind
   */
  Generator generator();

  /**
   * Fills a tensor with independent normal deviates of mean 0, from the beginning of the seed's
   * sequence; waits until that is done.
   *
   * @param target F32, contiguous, an even number of elements
   * @param deviation standard deviation, positive
   * @param seed any number
   * @throws dev.feedlight.tensor.ShapeException if the tensor is not such a one
   * @throws DeviceException if the library fails
   */
  void fill(Tensor target, float deviation, long seed);
}

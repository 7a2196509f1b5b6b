package dev.feedlight.device.cuda;

import java.util.Locale;

/** What computes the products of dense layers on a GPU. */
public enum Products {
  /** Kernels of Feedlight, which need nothing but the driver. */
  OWN,
  /**
   * cuBLAS of the CUDA toolkit, 12 or 13, forward and backward to the input of a layer; updates,
   * whose product ends in the optimizer, stay Feedlight's.
   */
  CUBLAS,
  /**
   * Whichever of the two a {@link ProductTable} of this GPU says is faster, in fp32: for the
   * nearest shape that was measured of those that the same kernel of ours serves. Products of which
   * there is none are ours; updates as above. Results depend on the decisions of the table, so
   * {@link CudaDevice#identity()} has their sum.
   */
  MEASURED;

  /** Lower case, as on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

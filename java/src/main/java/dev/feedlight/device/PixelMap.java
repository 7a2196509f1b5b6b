package dev.feedlight.device;

import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pixels of the camera are read, and in what they differ. Output j of the optics is the pixel
 * with number {@code numbers[j]}: that row of the transmission matrix, that pixel's noise.
 *
 * @param numbers S32, 1 x outputs, each at least 0; null for 0, 1, 2, ...
 * @param region pixels from which they are selected: more than the largest number; 0 where numbers
 *     are null
 * @param response F32, 2 x outputs: row 0 multiplies the signal, row 1 is added to it in counts;
 *     null if all pixels are alike. Defects and fixed patterns
 */
public record PixelMap(Tensor numbers, long region, Tensor response) {
  /** All pixels in order, all alike. */
  public static final PixelMap PLAIN = inOrder(null);

  /** Checks that a region goes with numbers. */
  public PixelMap {
    if (region < (numbers == null ? 0 : numbers.columns()) || (numbers == null && region > 0)) {
      throw new ShapeException(
          (numbers == null ? "no" : numbers.columns() + "")
              + " pixels cannot be selected from a region of "
              + region);
    }
  }

  /**
   * All pixels in order.
   *
   * @param response in what they differ, or null
   * @return the map
   */
  public static PixelMap inOrder(Tensor response) {
    return new PixelMap(null, 0, response);
  }

  /**
   * What kernels read of it.
   *
   * @return no, one or two tensors
   */
  List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>(2);
    if (numbers != null) {
      tensors.add(numbers);
    }
    if (response != null) {
      tensors.add(response);
    }
    return tensors;
  }
}

package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pixels of the camera are read, and in what they differ. Output j of the optics is the pixel
 * with number {@code numbers[j]}: that row of the transmission matrix, that pixel's noise.
 *
 * @param numbers S32, 1 x outputs, each at least 0; null for 0, 1, 2, ...
 * @param response F32, 2 x outputs: row 0 multiplies the signal, row 1 is added to it in counts;
 *     null if all pixels are alike. Defects and fixed patterns
 */
public record PixelMap(Tensor numbers, Tensor response) {
  /** All pixels in order, all alike. */
  public static final PixelMap PLAIN = new PixelMap(null, null);

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

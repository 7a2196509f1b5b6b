package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;
import java.util.ArrayList;
import java.util.List;

/**
 * What there is of CUDA: driver, GPUs, kernels.
 *
 * @param driver the newest CUDA that the driver knows, for example {@code 12.6}; empty without one
 * @param gpus names and architectures
 * @param kernels where the compiled kernels are; empty if there are none
 * @param missing why {@code --device cuda} cannot work, with what would help; empty if nothing is
 *     missing
 */
public record CudaStatus(String driver, List<String> gpus, String kernels, String missing) {
  /** Copies the list. */
  public CudaStatus {
    gpus = List.copyOf(gpus);
  }

  /**
   * Looks, and opens the first GPU to see whether its driver takes the kernels.
   *
   * @return what is here and what is missing
   */
  public static CudaStatus detect() {
    String driver = "";
    List<String> gpus = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    try {
      int count = CudaDriver.requireGpus();
      driver = CudaDriver.driverText();
      for (int gpu = 0; gpu < count; gpu++) {
        gpus.add(CudaDriver.describe(gpu));
      }
    } catch (CudaException e) {
      missing.add(e.getMessage());
    }
    KernelImages images = KernelImages.find();
    String kernels = "";
    try {
      images.require();
      kernels = images.place();
    } catch (CudaException e) {
      missing.add(e.getMessage());
    }
    if (missing.isEmpty()) {
      try {
        CudaDevice.open().close();
      } catch (DeviceException e) {
        missing.add(e.getMessage());
      }
    }
    return new CudaStatus(driver, gpus, kernels, String.join("; ", missing));
  }

  /** One line for people. */
  @Override
  public String toString() {
    return missing.isEmpty()
        ? "driver for CUDA " + driver + ", " + String.join(", ", gpus) + ", kernels of " + kernels
        : missing;
  }
}

package dev.feedlight.device.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is of CUDA: driver, GPUs, kernels. No GPU is opened for it; whether its driver takes
 * the kernels shows when {@link CudaDevice#open()} does that.
 *
 * @param driver the newest CUDA that the driver knows, for example {@code 12.6}; empty without one
 * @param gpus names and architectures, and what of the kernels each takes
 * @param kernels where the compiled kernels are, what they are for and by which CUDA they were
 *     built; empty if there are none
 * @param missing why {@code --device cuda} cannot work, with what would help; empty if nothing is
 *     known to be missing
 */
public record CudaStatus(String driver, List<String> gpus, String kernels, String missing) {
  /** Copies the list. */
  public CudaStatus {
    gpus = List.copyOf(gpus);
  }

  /**
   * Looks.
   *
   * @return what is here and what is missing
   */
  public static CudaStatus detect() {
    String driver = "";
    List<CudaDriver.Gpu> gpus = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    try {
      int count = CudaDriver.requireGpus();
      driver = CudaDriver.driverText();
      for (int gpu = 0; gpu < count; gpu++) {
        gpus.add(CudaDriver.gpu(gpu));
      }
    } catch (CudaException e) {
      missing.add(e.getMessage());
    }
    KernelImages images = KernelImages.find();
    KernelManifest manifest = null;
    try {
      images.files();
      manifest = images.manifest();
      if (!gpus.isEmpty()) {
        CudaDriver.Gpu first = gpus.getFirst();
        manifest.require(first.name(), first.architecture(), images.place());
      }
    } catch (CudaException e) {
      missing.add(e.getMessage());
    }
    KernelManifest known = manifest;
    return new CudaStatus(
        driver,
        gpus.stream().map(gpu -> known == null ? gpu.toString() : taken(gpu, known)).toList(),
        known == null
            ? ""
            : String.join(" ", known.code())
                + " of "
                + images.place()
                + ", built by CUDA "
                + known.cuda(),
        String.join("; ", missing));
  }

  private static String taken(CudaDriver.Gpu gpu, KernelManifest manifest) {
    String chosen = manifest.chosen(gpu.architecture());
    if (chosen == null) {
      return gpu + ", no kernels for it";
    }
    return gpu
        + (chosen.startsWith("compute_")
            ? ", whose driver translates the PTX of " + chosen
            : ", which takes " + chosen);
  }

  /**
   * For a report, name by name.
   *
   * @return {@code cuda}: what is missing, or the driver; {@code cuda_gpus} and {@code
   *     cuda_kernels} where there are some
   */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cuda", missing.isEmpty() ? "driver for CUDA " + driver : missing);
    if (!gpus.isEmpty()) {
      facts.put("cuda_gpus", String.join("; ", gpus));
    }
    if (!kernels.isEmpty()) {
      facts.put("cuda_kernels", kernels);
    }
    return facts;
  }

  /** One line for people. */
  @Override
  public String toString() {
    return missing.isEmpty()
        ? "driver for CUDA " + driver + ", " + String.join(", ", gpus) + ", kernels " + kernels
        : missing;
  }
}

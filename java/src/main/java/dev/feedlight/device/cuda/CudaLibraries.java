package dev.feedlight.device.cuda;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which libraries of the CUDA toolkit are here. */
public final class CudaLibraries {
  private CudaLibraries() {}

  /**
   * Looks for the libraries that can be used. Needs neither a driver nor a GPU.
   *
   * @return by name, the version, or why there is none with the names of the files looked for
   */
  public static Map<String, String> detect() {
    Map<String, String> found = new LinkedHashMap<>();
    for (CudaLibrary.Kind kind : CudaLibrary.Kind.values()) {
      try {
        found.put(kind.toString(), CudaLibrary.load(kind).version());
      } catch (CudaException e) {
        found.put(kind.toString(), e.getMessage());
      }
    }
    return found;
  }
}

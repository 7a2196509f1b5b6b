package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A library of CUDA with JCuda's JNI library that calls it, brought into the process when it is
 * first asked for. A library that is missing is looked for again the next time; JCuda's classes
 * initialise once for good.
 */
final class LibraryBinding {
  private final CudaLibrary.Kind kind;
  private final Function<CudaLibrary, Path> staged;
  private final Runnable initialise;
  private CudaLibrary library;
  private CudaException failure;

  /**
   * Describes a binding; loads nothing.
   *
   * @param kind the library
   * @param staged makes the file of the JNI library for a version
   * @param initialise calls JCuda's class for the first time
   */
  LibraryBinding(CudaLibrary.Kind kind, Function<CudaLibrary, Path> staged, Runnable initialise) {
    this.kind = kind;
    this.staged = staged;
    this.initialise = initialise;
  }

  /**
   * Makes sure that the library can be called.
   *
   * @return what is there
   * @throws CudaException if it cannot, each time with the reason and remedy
   */
  synchronized CudaLibrary require() {
    if (failure != null) {
      throw new CudaException(failure);
    }
    if (library == null) {
      CudaLibrary found = CudaLibrary.load(kind);
      try {
        JCudaNatives.initialise(staged.apply(found), initialise);
      } catch (LinkageError e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        failure = new CudaException("JCuda cannot be loaded for " + found + ": " + line, "", 0, e);
        throw new CudaException(failure);
      } catch (DeviceException e) {
        throw e instanceof CudaException ? e : new CudaException(e.getMessage(), "", 0, e);
      }
      library = found;
    }
    return library;
  }
}

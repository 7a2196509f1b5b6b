package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import jcuda.driver.JCudaDriver;

/**
 * Brings the driver and JCuda's JNI library for it into the process, once.
 *
 * <p>JCuda unpacks its library to {@code java.io.tmpdir} unless a file of that name is there, which
 * it loads unseen; two JVMs that start at once write the same file. So the library is staged by
 * {@link NativeLibrary} and the property points there while JCuda's classes initialise.
 */
final class JCudaNatives {
  /**
   * Path of a {@code libcuda.so.1} to use instead of the system's; tests put the stand-in there.
   */
  static final String DRIVER_PROPERTY = "feedlight.cuda.driver";

  static final String DRIVER = "libcuda.so.1";

  /** Of the class path, for all JNI libraries of JCuda. */
  static final String FOLDER = "lib/";

  private static final String LIBRARY = "libJCudaDriver-12.6.0-linux-x86_64.so";
  private static final String ARTIFACT = "org.jcuda:jcuda-natives:12.6.0:linux-x86_64";
  private static final String REMEDY = "run with --device cpu";
  private static final String TEMPORARY = "java.io.tmpdir";

  private JCudaNatives() {}

  /** What came of it; the process tries once. */
  private record Loaded(DeviceException failure) {}

  private static final class Holder {
    static final Loaded LOADED = new Loaded(load());
  }

  /**
   * Makes sure that JCuda can be called.
   *
   * @throws CudaException if it cannot, each time with the same reason and remedy
   */
  static void require() {
    DeviceException failure = Holder.LOADED.failure();
    if (failure instanceof CudaException known) {
      throw new CudaException(known);
    }
    if (failure != null) {
      throw new CudaException(failure.getMessage(), REMEDY, 0, failure);
    }
  }

  private static DeviceException load() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return new CudaException("the CUDA backend runs on Linux x86-64, not on " + system, REMEDY);
    }
    try {
      loadDriver();
    } catch (UnsatisfiedLinkError | IllegalArgumentException e) {
      return new CudaException(
          "no NVIDIA driver: " + e.getMessage(),
          "install the driver of the GPU, or " + REMEDY,
          0,
          e);
    }
    try {
      Path library =
          NativeLibrary.stage(
              JCudaNatives.class.getClassLoader(), FOLDER, List.of(LIBRARY), ARTIFACT);
      // Codes, not exceptions: CudaDriver says what each one means.
      initialise(library, () -> JCudaDriver.setExceptionsEnabled(false));
      return null;
    } catch (LinkageError e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return new CudaException("JCuda cannot be loaded: " + line, REMEDY, 0, e);
    } catch (DeviceException e) {
      return e;
    }
  }

  /** Before JCuda, whose library finds the driver by its name then. */
  private static void loadDriver() {
    String driver = System.getProperty(DRIVER_PROPERTY, "");
    if (driver.isBlank()) {
      SymbolLookup.libraryLookup(DRIVER, Arena.global());
    } else {
      System.load(Path.of(driver).toAbsolutePath().toString());
    }
  }

  /**
   * Initialises a class of JCuda with the JNI library that was staged for it. One at a time: the
   * property is the process's.
   *
   * @param library its file, of the name that JCuda looks for
   * @param first calls the class for the first time
   */
  static synchronized void initialise(Path library, Runnable first) {
    String before = System.getProperty(TEMPORARY);
    System.setProperty(TEMPORARY, library.getParent().toString());
    try {
      first.run();
    } finally {
      System.setProperty(TEMPORARY, before);
    }
  }
}

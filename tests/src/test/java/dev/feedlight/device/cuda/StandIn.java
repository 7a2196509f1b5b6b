package dev.feedlight.device.cuda;

import static org.junit.jupiter.api.Assertions.fail;

import dev.feedlight.device.Precision;
import dev.feedlight.selftest.ParityCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/**
 * The CUDA backend on the processor: stand-ins for the driver, with the kernels compiled by g++,
 * and for cuRAND and cuBLAS. Tests are skipped where it was not built, unless
 * FEEDLIGHT_REQUIRE_STANDIN is set.
 */
public final class StandIn {
  private static final Path FOLDER =
      Path.of(System.getProperty("feedlight.root"), "java/target/cmake/host").normalize();

  private static final String DRIVER = "libcuda.so.1";
  private static final String ORDER = "FEEDLIGHT_STANDIN_ORDER";

  // In which order the threads of a block run is decided by the seed of the run.
  static {
    if (System.getenv(ORDER) == null) {
      long seed = Long.getLong("feedlight.seed", ParityCases.DEFAULT_SEED);
      NativeEnvironment.set(ORDER, Long.toUnsignedString(seed));
    }
  }

  private StandIn() {}

  /** Skips the test, or fails it, where there is no stand-in. */
  public static void require() {
    Path driver = driver();
    if (!Files.isRegularFile(driver)) {
      String reason = driver + " was not built: cmake, make and g++ are needed";
      if (System.getenv("FEEDLIGHT_REQUIRE_STANDIN") != null) {
        fail(reason);
      }
      Assumptions.abort(reason);
    }
    setIfAbsent(JCudaNatives.DRIVER_PROPERTY, driver);
    setIfAbsent(CudaLibrary.Kind.CURAND.property(), library("curand", 10));
    setIfAbsent(CudaLibrary.Kind.CUBLAS.property(), library("cublas", 12));
  }

  private static void setIfAbsent(String property, Path path) {
    if (System.getProperty(property, "").isBlank()) {
      System.setProperty(property, path.toString());
    }
  }

  /** The stand-in for a library of the CUDA toolkit. */
  public static Path library(String name, int major) {
    return FOLDER.resolve("lib" + name + ".so." + major);
  }

  /** The stand-in for the driver. */
  public static Path driver() {
    return FOLDER.resolve(DRIVER);
  }

  /** Where the stand-in's images are. */
  public static Path images() {
    return FOLDER.resolve("images");
  }

  /** Opens it; the caller closes it. */
  public static CudaDevice open() {
    return open(Long.MAX_VALUE);
  }

  /** Opens it with products by the stand-in for cuBLAS. */
  public static CudaDevice openWithCublas() {
    require();
    return with(images(), () -> CudaDevice.open(0, Precision.FP32, Products.CUBLAS));
  }

  /** Opens it with a limit to its memory. */
  static CudaDevice open(long capacityBytes) {
    return open(Precision.FP32, capacityBytes);
  }

  /** Opens it with a precision; the caller closes it. */
  public static CudaDevice open(Precision precision) {
    return open(precision, Long.MAX_VALUE);
  }

  /** Opens it as a GPU of a compute capability, for example 80. */
  public static CudaDevice open(Precision precision, int capability) {
    return NativeEnvironment.with(
        "FEEDLIGHT_STANDIN_CAPABILITY", Integer.toString(capability), () -> open(precision));
  }

  /** Opens it as a GPU with so many multiprocessors, which products choose their tiles by. */
  public static CudaDevice openWithMultiprocessors(Precision precision, int count) {
    return NativeEnvironment.with(
        "FEEDLIGHT_STANDIN_MULTIPROCESSORS", Integer.toString(count), () -> open(precision));
  }

  private static CudaDevice open(Precision precision, long capacityBytes) {
    require();
    return with(images(), () -> CudaDevice.open(0, precision, capacityBytes));
  }

  /** Runs something while kernels come from a folder; otherwise they come from the jar. */
  public static <T> T with(Path images, Supplier<T> body) {
    System.setProperty(KernelImages.FOLDER_PROPERTY, images.toString());
    try {
      return body.get();
    } finally {
      System.clearProperty(KernelImages.FOLDER_PROPERTY);
    }
  }

  /** Runs something while the stand-in is what {@code --device cuda} finds. */
  public static <T> T with(Supplier<T> body) {
    require();
    return with(images(), body);
  }
}

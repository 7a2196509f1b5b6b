package dev.feedlight.device.cuda;

import dev.feedlight.device.NativeLibrary;
import dev.feedlight.device.Turn;
import dev.feedlight.device.VendorNormals;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import jcuda.jcurand.JCurand;
import jcuda.jcurand.curandGenerator;
import jcuda.jcurand.curandOrdering;
import jcuda.jcurand.curandRngType;
import jcuda.jcurand.curandStatus;
import jcuda.runtime.cudaStream_t;

/**
 * A generator of cuRAND on the stream of a device: Philox4_32_10 in the legacy order, which cuRAND
 * keeps over its versions and GPUs. Every call of JCurand is in this class.
 */
final class Curand implements VendorNormals, AutoCloseable {
  /** JCurand's, under the name that its classes look for beside JCuda 12.6.0. */
  private static final String LIBRARY = "libJCurand-12.6.0-linux-x86_64.so";

  private static final LibraryBinding BINDING =
      new LibraryBinding(
          CudaLibrary.Kind.CURAND,
          _ ->
              NativeLibrary.stage(
                  Curand.class.getClassLoader(),
                  JCudaNatives.FOLDER,
                  List.of(LIBRARY),
                  "dev.feedlight:feedlight, built by Maven"),
          // Codes, not exceptions: check says what each one means.
          () -> JCurand.setExceptionsEnabled(false));

  private final CudaDriver driver;
  private final Turn turn;
  private final CudaLibrary library;
  private final curandGenerator generator = new curandGenerator();

  /**
   * Makes the generator, in the driver's context.
   *
   * @throws CudaException if cuRAND is not here or does not work
   */
  Curand(CudaDriver driver, Turn turn) {
    this.driver = driver;
    this.turn = turn;
    this.library = BINDING.require();
    check(
        JCurand.curandCreateGenerator(generator, curandRngType.CURAND_RNG_PSEUDO_PHILOX4_32_10),
        "making a generator");
    try {
      check(JCurand.curandSetStream(generator, new cudaStream_t(driver.stream())), "its stream");
      check(
          JCurand.curandSetGeneratorOrdering(
              generator, curandOrdering.CURAND_ORDERING_PSEUDO_LEGACY),
          "the order of its results");
    } catch (CudaException e) {
      close();
      throw e;
    }
  }

  @Override
  public Generator generator() {
    return new Generator(
        library.kind().toString(), library.version(), "PHILOX4_32_10", "PSEUDO_LEGACY");
  }

  @Override
  public void fill(Tensor target, float deviation, long seed) {
    long n = target.shape().elements();
    if (target.dtype() != DType.F32 || !target.contiguous() || n % 2 != 0) {
      throw new ShapeException(
          library
              + " fills an even number of contiguous F32 elements, not "
              + target
              + " with rows "
              + target.rowStride()
              + " apart");
    }
    if (!(deviation > 0) || Float.isInfinite(deviation)) {
      throw new IllegalArgumentException("a standard deviation must be positive, not " + deviation);
    }
    turn.take(
        () -> {
          driver.enter();
          // Setting the seed goes back to the beginning of its sequence; the offset says so too.
          check(JCurand.curandSetPseudoRandomGeneratorSeed(generator, seed), "setting a seed");
          check(JCurand.curandSetGeneratorOffset(generator, 0), "going to the beginning");
          check(
              JCurand.curandGenerateNormal(
                  generator, CudaDriver.pointer(target.address()), n, 0, deviation),
              "making " + n + " normal deviates");
          driver.synchronize();
          return null;
        });
  }

  private void check(int status, String what) {
    if (status != curandStatus.CURAND_STATUS_SUCCESS) {
      throw new CudaException(
          library
              + " failed on "
              + driver.name()
              + ", "
              + what
              + ": "
              + curandStatus.stringFor(status)
              + " ("
              + status
              + ")",
          "take another --transmission, or check that the driver is as new as cuRAND");
    }
  }

  @Override
  public void close() {
    JCurand.curandDestroyGenerator(generator);
  }
}

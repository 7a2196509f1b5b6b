package dev.feedlight.device.cuda;

import dev.feedlight.device.NativeLibrary;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUdeviceptr;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/**
 * cuBLAS on the stream of a device: products in fp32 without TF32, so launched that a capture
 * records them. Every call of JCublas is in this class.
 */
final class Cublas implements AutoCloseable {
  private static final String JNI = "libJCublas2-12.6.0-linux-x86_64.so";
  private static final int JNI_MAJOR = 12;
  private static final String ARTIFACT = "org.jcuda:jcublas-natives:12.6.0:linux-x86_64";

  /**
   * Memory that cuBLAS may use while a product runs: what NVIDIA recommends for Hopper, more than
   * for others. Given by us, so that a captured product allocates nothing.
   */
  private static final long WORKSPACE_BYTES = 32L << 20;

  private static final LibraryBinding BINDING =
      new LibraryBinding(
          CudaLibrary.Kind.CUBLAS,
          Cublas::stage,
          // Codes, not exceptions: check says what each one means.
          () -> JCublas2.setExceptionsEnabled(false));

  private final CudaDriver driver;
  private final CudaLibrary library;
  private final cublasHandle handle = new cublasHandle();
  private final Pointer one = Pointer.to(new float[] {1});
  private final Pointer zero = Pointer.to(new float[] {0});

  /**
   * Makes the handle, in the driver's context.
   *
   * @param context its scratch is the workspace: nothing else runs while a product does
   * @throws CudaException if cuBLAS is not here or does not work
   */
  Cublas(CudaDriver driver, CudaContext context) {
    this.driver = driver;
    this.library = BINDING.require();
    check(JCublas2.cublasCreate(handle), "making a handle");
    try {
      check(JCublas2.cublasSetStream(handle, new cudaStream_t(driver.stream())), "its stream");
      Pointer workspace = CudaDriver.pointer(context.scratch(WORKSPACE_BYTES));
      check(JCublas2.cublasSetWorkspace(handle, workspace, WORKSPACE_BYTES), "its workspace");
      check(JCublas2.cublasSetMathMode(handle, cublasMath.CUBLAS_DEFAULT_MATH), "its precision");
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** JCuda's library as it is for cuBLAS 12, changed for another version that has the functions. */
  private static Path stage(CudaLibrary found) {
    ClassLoader loader = Cublas.class.getClassLoader();
    if (found.major() == JNI_MAJOR) {
      return NativeLibrary.stage(loader, JCudaNatives.FOLDER, List.of(JNI), ARTIFACT);
    }
    try (InputStream in = loader.getResourceAsStream(JCudaNatives.FOLDER + JNI)) {
      if (in == null) {
        throw new CudaException(
            JNI + " is not on the class path", "add the dependency " + ARTIFACT);
      }
      CudaLibrary.Kind kind = found.kind();
      return NativeLibrary.stageBytes(
          JNI,
          NeededLibrary.rename(
              in.readAllBytes(), kind.soname(JNI_MAJOR), kind.soname(found.major())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + JNI, e);
    }
  }

  /** Name and version. */
  @Override
  public String toString() {
    return library.toString();
  }

  /**
   * {@code c = a b^T}, or {@code c = a b}.
   *
   * @param c F32, rows x columns; may have columns apart
   * @param a rows x inner
   * @param b columns x inner if transposed, otherwise inner x columns
   * @param operation named with its shapes when it fails
   * @return does it once per call
   */
  Runnable product(Tensor c, Tensor a, Tensor b, boolean transposed, Operation operation) {
    // Rows one after the other are the columns of the transposed matrix, and c^T = op(b)^T a^T.
    CUdeviceptr result = CudaDriver.pointer(c.address());
    CUdeviceptr left = CudaDriver.pointer(b.address());
    CUdeviceptr right = CudaDriver.pointer(a.address());
    return () -> {
      int status =
          JCublas2.cublasSgemm_v2_64(
              handle,
              transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
              cublasOperation.CUBLAS_OP_N,
              c.columns(),
              c.rows(),
              a.columns(),
              one,
              left,
              b.rowStride(),
              right,
              a.rowStride(),
              zero,
              result,
              c.rowStride());
      if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
        check(
            status,
            operation.kernel() + " from " + operation.reads() + " to " + operation.writes());
      }
    };
  }

  /** Types of matrices and sums, as cuBLAS numbers them. */
  enum Type {
    FP32(cudaDataType.CUDA_R_32F, cudaDataType.CUDA_R_32F, cublasComputeType.CUBLAS_COMPUTE_32F),
    TF32(
        cudaDataType.CUDA_R_32F,
        cudaDataType.CUDA_R_32F,
        cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32),
    BF16(cudaDataType.CUDA_R_16BF, cudaDataType.CUDA_R_32F, cublasComputeType.CUBLAS_COMPUTE_32F),
    INT8(cudaDataType.CUDA_R_8I, cudaDataType.CUDA_R_32I, cublasComputeType.CUBLAS_COMPUTE_32I);

    private final int operand;
    private final int sum;
    private final int compute;

    Type(int operand, int sum, int compute) {
      this.operand = operand;
      this.sum = sum;
      this.compute = compute;
    }

    /** Bytes of an element of an operand. */
    int bytes() {
      return switch (this) {
        case FP32, TF32 -> Float.BYTES;
        case BF16 -> Short.BYTES;
        case INT8 -> Byte.BYTES;
      };
    }

    /** Lower case, as in result files. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * {@code c = a b^T} of square matrices in any of the types; for what a GPU reaches.
   *
   * @param c sums, of four bytes each
   * @param a side x side, dense
   * @param b side x side, dense
   * @param side a multiple of 16
   * @return does it once per call
   * @throws CudaException when run, if this cuBLAS has no such product
   */
  Runnable square(Type type, Tensor c, Tensor a, Tensor b, int side) {
    CUdeviceptr result = CudaDriver.pointer(c.address());
    CUdeviceptr left = CudaDriver.pointer(b.address());
    CUdeviceptr right = CudaDriver.pointer(a.address());
    boolean integers = type == Type.INT8;
    Pointer unit = integers ? Pointer.to(new int[] {1}) : one;
    Pointer nothing = integers ? Pointer.to(new int[] {0}) : zero;
    return () ->
        check(
            JCublas2.cublasGemmEx_new(
                handle,
                cublasOperation.CUBLAS_OP_T,
                cublasOperation.CUBLAS_OP_N,
                side,
                side,
                side,
                unit,
                left,
                type.operand,
                side,
                right,
                type.operand,
                side,
                nothing,
                result,
                type.sum,
                side,
                type.compute,
                cublasGemmAlgo.CUBLAS_GEMM_DEFAULT),
            "a product in " + type.label());
  }

  private void check(int status, String what) {
    if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      throw new CudaException(
          library
              + " failed on "
              + driver.name()
              + ", "
              + what
              + ": "
              + cublasStatus.stringFor(status)
              + " ("
              + status
              + ")",
          "run with --products own, or check that the driver is as new as cuBLAS");
    }
  }

  @Override
  public void close() {
    JCublas2.cublasDestroy(handle);
  }
}

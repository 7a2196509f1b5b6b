package dev.feedlight.device.cuda;

import dev.feedlight.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUresult;

/**
 * Tensor maps: what the copy engine of sm_90 knows of a matrix and of the boxes that it copies. The
 * driver makes them; JCuda 12.6 does not have its function, so it is called without.
 */
final class TensorMaps {
  /** Of a row of a box: what a swizzle of 128 bytes works on. */
  private static final int BOX_ROW_BYTES = 128;

  /** What addresses and strides are multiples of. */
  private static final long PIECE = 16;

  private static final int BYTES = 128;
  private static final long ALIGNMENT = 64;

  // Of CUDA's enumerations.
  private static final int UINT8 = 0;
  private static final int BFLOAT16 = 9;
  private static final int NOT_INTERLEAVED = 0;
  private static final int SWIZZLE_128 = 3;
  private static final int L2_PROMOTION_128 = 2;
  private static final int ZEROS_OUTSIDE = 0;

  private static final class Holder {
    static final MethodHandle ENCODE =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.libraryLookup(JCudaNatives.DRIVER, Arena.global())
                    .findOrThrow("cuTensorMapEncodeTiled"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT));
  }

  private TensorMaps() {}

  /**
   * The map of a matrix, in boxes of 64 columns with a swizzle of 128 bytes and zeros outside the
   * matrix: FlTensorMap of kernels/include/tma.cuh.
   *
   * @param matrix in device memory
   * @param boxRows rows of a box, up to 256
   * @return its 128 bytes, a struct for kernels
   * @throws CudaException if the driver refuses the matrix
   */
  static Arguments of(Bf16Matrix matrix, int boxRows) {
    return encode(
        BFLOAT16,
        Bf16Matrix.ELEMENT_BYTES,
        matrix.address(),
        matrix.rows(),
        matrix.columns(),
        matrix.stride(),
        boxRows);
  }

  /** Whether a matrix of bytes lies as the copy engine wants it. */
  static boolean fit(Tensor bytes) {
    return bytes.address() % PIECE == 0 && bytes.rowStride() % PIECE == 0;
  }

  /** The same for a matrix of bytes that {@link #fit fits}, in boxes of 128 columns. */
  static Arguments of(Tensor bytes, int boxRows) {
    return encode(
        UINT8,
        Byte.BYTES,
        bytes.address(),
        bytes.rows(),
        bytes.columns(),
        bytes.rowStride(),
        boxRows);
  }

  private static Arguments encode(
      int type, int elementBytes, long address, long rows, long columns, long stride, int boxRows) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment map = arena.allocate(BYTES, ALIGNMENT);
      int code =
          (int)
              Holder.ENCODE.invokeExact(
                  map,
                  type,
                  2,
                  MemorySegment.ofAddress(address),
                  arena.allocateFrom(ValueLayout.JAVA_LONG, columns, rows),
                  arena.allocateFrom(ValueLayout.JAVA_LONG, stride * elementBytes),
                  arena.allocateFrom(ValueLayout.JAVA_INT, BOX_ROW_BYTES / elementBytes, boxRows),
                  arena.allocateFrom(ValueLayout.JAVA_INT, 1, 1),
                  NOT_INTERLEAVED,
                  SWIZZLE_128,
                  L2_PROMOTION_128,
                  ZEROS_OUTSIDE);
      if (code != CUresult.CUDA_SUCCESS) {
        throw new CudaException(
            "the driver makes no tensor map of "
                + rows
                + " x "
                + columns
                + " in rows of "
                + stride
                + " elements: "
                + CUresult.stringFor(code)
                + " ("
                + code
                + ")",
            "run with --precision fp32",
            code,
            null);
      }
      Arguments words = new Arguments();
      for (int i = 0; i < BYTES / Long.BYTES; i++) {
        words.s64(map.getAtIndex(ValueLayout.JAVA_LONG, i));
      }
      return words;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling cuTensorMapEncodeTiled", e);
    }
  }
}

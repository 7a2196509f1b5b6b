package dev.feedlight.device.cuda;

import dev.feedlight.device.Bf16;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a GPU reaches with the vendor's own code, measured by events on random data: what floors of
 * kernels are computed from.
 *
 * @param bytesPerSecond of a copy within the GPU by its driver, read and written bytes counted
 * @param flopsPerSecond of a square product by cuBLAS, by type of its operands: {@code fp32},
 *     {@code tf32}, {@code bf16}, {@code int8}; without those that cuBLAS does not have here
 * @param library what computed the products, or why there is none
 */
public record CudaRates(double bytesPerSecond, Map<String, Double> flopsPerSecond, String library) {
  /** How much is moved and computed. */
  public enum Size {
    /** Enough for a large GPU: copies of 1 GiB, products of 8192. */
    FULL(1L << 30, 8192),
    /** For a stand-in; the numbers mean nothing. */
    SMOKE(1L << 16, 32);

    private final long copiedBytes;
    private final int side;

    Size(long copiedBytes, int side) {
      this.copiedBytes = copiedBytes;
      this.side = side;
    }
  }

  private static final int WARM_UPS = 3;
  private static final int ROUNDS = 10;

  /** Random values that a large matrix repeats (ours). */
  private static final int PERIOD = 1 << 20;

  /** Copies the map. */
  public CudaRates {
    flopsPerSecond = Map.copyOf(flopsPerSecond);
  }

  /**
   * Measures; on an H200 in about a second.
   *
   * @param device idle, with 2.2 GB to spare for {@link Size#FULL}
   * @param size how much
   * @return the best of ten rounds each
   */
  public static CudaRates measure(CudaDevice device, Size size) {
    double copy = copy(device, size.copiedBytes);
    Map<String, Double> products = new LinkedHashMap<>();
    String library;
    try (Cublas cublas = device.openCublas()) {
      library = cublas.toString();
      for (Cublas.Type type : Cublas.Type.values()) {
        products.put(type.label(), product(device, cublas, type, size.side));
      }
    } catch (CudaException e) {
      library = e.getMessage();
    }
    return new CudaRates(copy, products, library);
  }

  private static double copy(CudaDevice device, long bytes) {
    try (Scope scope = device.openScope("copied")) {
      Shape shape = Shape.vector(bytes / Float.BYTES);
      Tensor from = scope.allocate("copy source", shape, DType.F32);
      Tensor to = scope.allocate("copy target", shape, DType.F32);
      device.eager().randomFill(from, Distribution.NORMAL, 1, 1);
      return 2.0 * bytes / best(device, device.copy(to, from));
    }
  }

  private static double product(CudaDevice device, Cublas cublas, Cublas.Type type, int side) {
    try (Scope scope = device.openScope("multiplied")) {
      Tensor a = operand(device, scope, type, side, 1);
      Tensor b = operand(device, scope, type, side, 2);
      Tensor c = scope.allocate("product", new Shape(side, side), DType.F32);
      Runnable product = device.entered(cublas.square(type, c, a, b, side));
      return 2.0 * side * side * side / best(device, product);
    }
  }

  private static Tensor operand(
      CudaDevice device, Scope scope, Cublas.Type type, int side, long seed) {
    if (type.bytes() == Float.BYTES) {
      Tensor floats = scope.allocate("operand", new Shape(side, side), DType.F32);
      device.eager().randomFill(floats, Distribution.NORMAL, 1, seed);
      return floats;
    }
    Shape shape = new Shape(side, (long) side * type.bytes());
    Tensor bytes = scope.allocate("operand", shape, DType.U8);
    device.write(bytes, randomBytes(type, Math.toIntExact(shape.elements()), seed));
    return bytes;
  }

  private static byte[] randomBytes(Cublas.Type type, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[count];
    int period = Math.min(count, PERIOD);
    for (int i = 0; i < period; i += type.bytes()) {
      if (type == Cublas.Type.BF16) {
        short value = Bf16.bits((float) random.nextGaussian());
        bytes[i] = (byte) value;
        bytes[i + 1] = (byte) (value >> Byte.SIZE);
      } else {
        bytes[i] = (byte) random.nextInt();
      }
    }
    for (int i = period; i < count; i++) {
      bytes[i] = bytes[i - period];
    }
    return bytes;
  }

  /** Seconds of the fastest round. The GPU still works on a round before when one begins. */
  private static double best(CudaDevice device, Runnable work) {
    for (int i = 0; i < WARM_UPS; i++) {
      work.run();
    }
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
      best = Math.min(best, device.seconds(work));
    }
    return best;
  }
}

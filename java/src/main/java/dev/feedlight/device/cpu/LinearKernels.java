package dev.feedlight.device.cpu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;

/**
 * Forward and backward products of a dense layer. Each thread runs one single-threaded oneDNN
 * primitive on its own columns of the result (rows when there are few columns), then whatever does
 * not fit a oneDNN epilogue on the same part while it is in cache.
 */
final class LinearKernels {
  // Columns are cut at multiples of a cache line of floats and of the product kernels' tiles.
  private static final long STEP = 64;

  private final CpuContext context;

  LinearKernels(CpuContext context) {
    this.context = context;
  }

  Runnable forward(Operation.LinearForward op) {
    Tensor x = op.x();
    Tensor y = op.y();
    Tensor weight = op.weight().value();
    boolean keepsZ = op.preActivation() != null;
    Tensor out = keepsZ ? op.preActivation() : y;
    MatmulShape whole =
        new MatmulShape(
            MatmulTypes.F32,
            y.rows(),
            y.columns(),
            x.columns(),
            false,
            true,
            x.rowStride(),
            weight.rowStride(),
            out.rowStride(),
            op.bias() != null,
            keepsZ ? MatmulEpilogue.NONE : epilogue(op.activation()));
    long biasAddress = op.bias() == null ? 0 : op.bias().value().address();
    Loops loops = context.loops();
    return tiles(
        whole,
        (thread, product, row, column) -> {
          product.run(
              thread,
              address(x, row, 0),
              address(weight, column, 0),
              biasAddress + 4 * column,
              address(out, row, column));
          if (keepsZ) {
            MatmulShape part = product.shape();
            loops.activate(
                op.activation(),
                address(y, row, column),
                y.rowStride(),
                address(out, row, column),
                out.rowStride(),
                part.m(),
                part.n());
          }
        });
  }

  Runnable backwardInput(Operation.LinearBackwardInput op) {
    Tensor dx = op.dx();
    Tensor dz = op.dz();
    Tensor weight = op.weight().value();
    Tensor saved = op.saved();
    MatmulShape whole =
        new MatmulShape(
            MatmulTypes.F32,
            dx.rows(),
            dx.columns(),
            dz.columns(),
            false,
            false,
            dz.rowStride(),
            weight.rowStride(),
            dx.rowStride(),
            false,
            MatmulEpilogue.NONE);
    Loops loops = context.loops();
    return tiles(
        whole,
        (thread, product, row, column) -> {
          long result = address(dx, row, column);
          product.run(
              thread, address(dz, row, 0), address(weight, 0, column), 0, result);
          if (saved != null) {
            MatmulShape part = product.shape();
            loops.activationGradient(
                op.activation(),
                result,
                dx.rowStride(),
                result,
                dx.rowStride(),
                address(saved, row, column),
                saved.rowStride(),
                part.m(),
                part.n());
          }
        });
  }

  /** One thread's part of a product. */
  @FunctionalInterface
  private interface Tile {
    void run(int thread, Matmul product, long row, long column);
  }

  private Runnable tiles(MatmulShape whole, Tile tile) {
    int threads = context.threads();
    boolean byColumns = whole.n() >= STEP * threads || whole.n() >= whole.m();
    long extent = byColumns ? whole.n() : whole.m();
    long step = extent >= STEP * threads ? STEP : 1;
    Matmul[] products = new Matmul[threads];
    long[] begins = new long[threads];
    for (int thread = 0; thread < threads; thread++) {
      begins[thread] = Slices.begin(extent, thread, threads, step);
      long size = Slices.end(extent, thread, threads, step) - begins[thread];
      if (size > 0) {
        products[thread] =
            context.product(
                byColumns ? whole.slice(whole.m(), size) : whole.slice(size, whole.n()));
      }
    }
    Workers.Task work =
        (thread, _) -> {
          Matmul product = products[thread];
          if (product != null) {
            tile.run(
                thread, product, byColumns ? 0 : begins[thread], byColumns ? begins[thread] : 0);
          }
        };
    return () -> context.parallel(work);
  }

  static long address(Tensor tensor, long row, long column) {
    return tensor.address() + (row * tensor.rowStride() + column) * tensor.dtype().bytes();
  }

  private static MatmulEpilogue epilogue(Activation activation) {
    return switch (activation) {
      case IDENTITY -> MatmulEpilogue.NONE;
      case RELU -> MatmulEpilogue.RELU;
      case TANH -> MatmulEpilogue.TANH;
      case SIGMOID -> MatmulEpilogue.SIGMOID;
      case GELU -> MatmulEpilogue.GELU;
    };
  }
}

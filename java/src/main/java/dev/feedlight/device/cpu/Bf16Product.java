package dev.feedlight.device.cpu;

import dev.feedlight.device.Parameter;
import dev.feedlight.tensor.Tensor;

/**
 * {@code C = epilogue(A W^T + bias)} or {@code C = A W} of operands rounded to bf16, summed in
 * fp32.
 *
 * <p>A is rounded once, by all threads; each thread then rounds the weights of its own columns, a
 * panel at a time, and multiplies the panel while it is in its cache: the weights cross memory
 * once, as fp32, and no rounded copy of them is kept. A copy that updates would write beside the
 * weights saves little: of 12 bytes per weight and step under direct feedback nothing (2 more are
 * written, 2 fewer read), of 16 under backpropagation 2. Measured against one panel of all columns
 * at width 1024 and 3072: equal (256 columns), 5 to 10 % slower (128), up to 30 % slower (64).
 */
final class Bf16Product {
  /** Columns of the result per panel of weights. */
  private static final long PANEL = 256;

  private final CpuContext context;
  private final Bf16Copy left;
  private final Tensor weight;
  private final boolean transposed;
  private final long inner;
  private final long panelStride;
  private final Tensor result;
  private final long bias;
  private final MatmulEpilogue epilogue;
  private final ProductGrid grid;
  private final Part[] parts;

  private Bf16Product(
      CpuContext context,
      Tensor left,
      Tensor weight,
      boolean transposed,
      Tensor result,
      Parameter bias,
      MatmulEpilogue epilogue) {
    this.context = context;
    this.left = new Bf16Copy(context, left);
    this.weight = weight;
    this.transposed = transposed;
    this.inner = left.columns();
    this.panelStride = transposed ? Bf16Copy.stride(inner) : PANEL;
    this.result = result;
    this.bias = bias == null ? 0 : bias.value().address();
    this.epilogue = epilogue;
    this.grid = ProductGrid.of(result.rows(), result.columns(), inner, context.threads(), false);
    this.parts = new Part[grid.parts()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part(i);
    }
    context.reserveScratch(Short.BYTES * panelStride * (transposed ? PANEL : inner));
  }

  /** {@code z = x W^T + bias}, with the epilogue. */
  static Bf16Product forward(
      CpuContext context,
      Tensor x,
      Tensor weight,
      Parameter bias,
      Tensor z,
      MatmulEpilogue epilogue) {
    return new Bf16Product(context, x, weight, true, z, bias, epilogue);
  }

  /** {@code dx = dz W}. */
  static Bf16Product backwardInput(CpuContext context, Tensor dz, Tensor weight, Tensor dx) {
    return new Bf16Product(context, dz, weight, false, dx, null, MatmulEpilogue.NONE);
  }

  /** The product, followed on every panel by what does not fit oneDNN's epilogue. */
  Runnable then(PartEpilogue after) {
    Runnable multiply = context.overParts(grid, part -> parts[part].run(after));
    return () -> {
      left.round();
      multiply.run();
    };
  }

  /** One thread's rectangle of the result. */
  private final class Part {
    private final int number;
    private final long row;
    private final long endRow;
    private final long column;
    private final long endColumn;
    private final Matmul full;
    private final Matmul last;

    Part(int number) {
      this.number = number;
      this.row = grid.firstRow(number);
      this.endRow = grid.endRow(number);
      this.column = grid.firstColumn(number);
      this.endColumn = grid.endColumn(number);
      long columns = endColumn - column;
      this.full = columns < PANEL ? null : product(PANEL);
      this.last = columns % PANEL == 0 ? null : product(columns % PANEL);
    }

    private Matmul product(long columns) {
      return context.product(
          new MatmulShape(
              MatmulTypes.BF16BF16F32,
              endRow - row,
              columns,
              inner,
              false,
              transposed,
              left.stride(),
              panelStride,
              result.rowStride(),
              bias != 0,
              epilogue));
    }

    void run(PartEpilogue after) {
      long panel = context.scratch(number);
      for (long first = column; first < endColumn; first += PANEL) {
        long columns = Math.min(PANEL, endColumn - first);
        round(panel, first, columns);
        (columns == PANEL ? full : last)
            .run(
                number,
                left.address(row, 0),
                panel,
                bias == 0 ? 0 : bias + Float.BYTES * first,
                LinearKernels.address(result, row, first));
        after.apply(row, endRow, first, first + columns);
      }
    }

    private void round(long panel, long first, long columns) {
      context
          .loops()
          .toBf16(
              panel,
              panelStride,
              transposed
                  ? LinearKernels.address(weight, first, 0)
                  : LinearKernels.address(weight, 0, first),
              weight.rowStride(),
              transposed ? columns : inner,
              transposed ? inner : columns);
    }
  }
}

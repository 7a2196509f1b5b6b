package dev.feedlight.device.cuda;

import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Precision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Forward passes of narrow layers, any number of them in one launch: kernels/include/mlp.cuh. */
final class NarrowLayers {
  /** Of inputs and outputs: a thread for each output. */
  private static final long WIDEST = 128;

  /**
   * Samples beyond which layer by layer is better (ours): a block for every four reads all weights,
   * and so many blocks are two for each multiprocessor of the largest GPUs.
   */
  private static final long MOST_SAMPLES = 1024;

  private static final long SAMPLES_OF_A_BLOCK = 4;
  private static final Extent THREADS = Extent.of(128);
  private static final int STAGES = 2;

  /** What the kernel has besides: values of four samples, and of the reduction. */
  private static final int STATIC_SHARED_BYTES = 8 * 1024;

  private final CudaContext context;
  private final Precision precision;

  NarrowLayers(CudaContext context, Precision precision) {
    this.context = context;
    this.precision = precision;
  }

  /** Which nets run here, and by what, for people. */
  static String words(Precision precision, Products products) {
    if (products == Products.CUBLAS) {
      return "layer by layer, by cuBLAS";
    }
    return "layers of at most "
        + WIDEST
        + " x "
        + WIDEST
        + " for at most "
        + MOST_SAMPLES
        + " samples in one launch, "
        + (precision == Precision.FP32 ? "fp32 by FMA" : precision.label() + " by mma.sync")
        + (products == Products.MEASURED ? ", where measured faster" : "");
  }

  /**
   * Whether such a layer may be among those of a launch.
   *
   * @param mostSharedBytes shared memory that a block may have
   */
  static boolean serve(long samples, long inputs, long outputs, int mostSharedBytes) {
    return inputs <= WIDEST
        && outputs <= WIDEST
        && samples <= MOST_SAMPLES
        && STAGES * Float.BYTES * stageFloats(inputs, outputs) + STATIC_SHARED_BYTES
            <= mostSharedBytes;
  }

  /** The same of an operation. */
  boolean fit(Operation.LinearForward op) {
    return serve(op.y().rows(), op.x().columns(), op.y().columns(), context.mostSharedBytes());
  }

  /**
   * Whether a layer by itself runs here too. In fp32 its bits are those of {@link LinearKernels};
   * where operands are rounded, tensor cores add in an order of their own, and a layer shall not
   * depend on whether it stands alone.
   */
  boolean fitAlone(Operation.LinearForward op) {
    return precision != Precision.FP32 && fit(op);
  }

  /** The same of an operation of any kind. */
  boolean runs(Operation operation) {
    return operation instanceof Operation.LinearForward forward && fitAlone(forward);
  }

  /** A weight in shared memory, as fl_mlp_pitch has it. */
  private static long stageFloats(long inputs, long outputs) {
    long fours = Math.ceilDiv(inputs, 4) | 1;
    return outputs * 4 * fours;
  }

  /** One launch for all layers of a chain and their checks. */
  Runnable forward(ForwardChain chain) {
    Operation.LinearForward first = chain.layers().getFirst().forward();
    long stage =
        chain.layers().stream()
            .map(ForwardChain.Layer::forward)
            .mapToLong(op -> stageFloats(op.x().columns(), op.y().columns()))
            .max()
            .orElseThrow();
    byte[] table = table(chain);
    Arguments arguments =
        new Arguments()
            // Plans of the same operands share a table; it is freed with the device.
            .pointer(context.byteTable("layers " + HexFormat.of().formatHex(table), () -> table))
            .control(chain.control())
            .pointer(context.byteTable("failures of layers", NarrowLayers::nothingSeen))
            .tensor(first.x())
            .s32(Math.toIntExact(stage))
            .s64(chain.layers().size())
            .s64(first.y().rows())
            .s64(first.x().rowStride());
    String suffix = precision == Precision.FP32 ? "" : "_" + precision.label();
    return new Launch(
            precision == Precision.FP32 ? "mlp" : "mlp_tensor",
            "fl_mlp_forward" + suffix,
            Extent.of(Extent.blocks(first.y().rows(), SAMPLES_OF_A_BLOCK)),
            THREADS,
            Math.toIntExact(STAGES * Float.BYTES * stage))
        .bind(context, arguments, first);
  }

  private static byte[] table(ForwardChain chain) {
    Arguments table = new Arguments();
    for (ForwardChain.Layer layer : chain.layers()) {
      Operation.LinearForward op = layer.forward();
      table
          .tensor(op.y())
          .tensor(op.preActivation())
          .tensor(op.weight().value())
          .parameter(op.bias())
          .s64(op.x().columns())
          .s64(op.y().columns())
          .s64(op.y().rowStride())
          .stride(op.preActivation())
          .activation(op.activation())
          .s32(layer.block());
    }
    return table.bytes();
  }

  /** The least number of a block that failed, and how many blocks of the grid have ended. */
  private static byte[] nothingSeen() {
    return ByteBuffer.allocate(2 * Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(Integer.MAX_VALUE)
        .putInt(0)
        .array();
  }
}

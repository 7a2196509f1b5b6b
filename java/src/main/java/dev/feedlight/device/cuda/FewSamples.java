package dev.feedlight.device.cuda;

import dev.feedlight.device.Activation;
import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Precision;
import dev.feedlight.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Dense layers for few samples, in fp32: kernels/include/few.cuh. Sums over inputs and outputs are
 * in another order than those of tiles, so whether a product runs here depends on its shape alone,
 * never on what stands beside it.
 */
final class FewSamples {
  private static final String MODULE = "linear_few";

  /** That a product runs here with. */
  static final long MOST_SAMPLES = 8;

  /** Layers that are no wider are for {@link NarrowLayers}. */
  private static final long NARROW = 128;

  private static final long ROWS_FORWARD = 8;
  private static final Extent THREADS_FORWARD = Extent.of(128);
  private static final long STRIP = 16;
  private static final Extent THREADS_UPDATE = Extent.of(128);

  private final CudaContext context;
  private final Precision precision;

  FewSamples(CudaContext context, Precision precision) {
    this.context = context;
    this.precision = precision;
  }

  /** Whether a product of such a layer runs here, in fp32. */
  static boolean serve(long samples, long inputs, long outputs) {
    return samples <= MOST_SAMPLES && (inputs > NARROW || outputs > NARROW);
  }

  private boolean fits(long samples, long inputs, long outputs) {
    return precision == Precision.FP32 && serve(samples, inputs, outputs);
  }

  /** Whether the forward product runs here. */
  boolean fits(Operation.LinearForward op) {
    return fits(op.y().rows(), op.x().columns(), op.y().columns());
  }

  /** Whether the product backward runs here. */
  boolean fits(Operation.LinearBackwardInput op) {
    return fits(op.dz().rows(), op.dx().columns(), op.dz().columns());
  }

  /** Whether a group of updates runs here; its bits are those of tiles. */
  boolean fit(List<Operation.LinearUpdate> ops) {
    return precision == Precision.FP32
        && ops.stream().allMatch(op -> op.x().rows() <= MOST_SAMPLES);
  }

  /**
   * Whether the update of a layer may be done in the pass over its weight that makes dx: it comes
   * next, has the same signal, and dx is nothing that it reads.
   */
  boolean together(Operation.LinearBackwardInput back, Operation next) {
    return next instanceof Operation.LinearUpdate update
        && update.weight() == back.weight()
        && update.dy().equals(back.dz())
        && update.activation() == Activation.IDENTITY
        && fits(back)
        && Stream.concat(update.reads().stream(), update.writes().stream())
            .noneMatch(back.dx()::overlaps);
  }

  private static String name(String stem, long samples) {
    return stem + (samples == 1 ? "_one" : "_few");
  }

  /**
   * A launch that passes over the rows of a weight as the forward product does.
   *
   * @param module name of the .cu file
   * @param stem of the kernel's name
   * @param samples that it must have room for
   * @param outputs rows of the weight
   */
  static Launch overRows(String module, String stem, long samples, long outputs) {
    return new Launch(
        module,
        name(stem, samples),
        Extent.of(Extent.blocks(outputs, ROWS_FORWARD)),
        THREADS_FORWARD);
  }

  /** A chain of one layer: its product and the check of the result. */
  Runnable forward(ForwardChain chain) {
    ForwardChain.Layer layer = chain.layers().getFirst();
    Operation.LinearForward op = layer.forward();
    Tensor y = op.y();
    return overRows(MODULE, "fl_linear_forward", y.rows(), y.columns())
        .bind(
            context,
            new Arguments()
                .tensor(y)
                .tensor(op.preActivation())
                .control(chain.control())
                .tensor(op.x())
                .tensor(op.weight().value())
                .parameter(op.bias())
                .activation(op.activation())
                .s32(layer.block())
                .s64(y.rows())
                .s64(op.x().columns())
                .s64(y.columns())
                .s64(y.rowStride())
                .stride(op.preActivation())
                .s64(op.x().rowStride()),
            op);
  }

  /**
   * dx, and the layer's update in the same pass.
   *
   * @param update one that is {@link #together} with it, or null
   */
  Runnable backward(Operation.LinearBackwardInput op, Operation.LinearUpdate update) {
    Tensor dx = op.dx();
    long samples = dx.rows();
    boolean biased = update != null && update.bias() != null;
    Arguments weight =
        update == null ? GradientUpdate.none() : GradientUpdate.ofWeight(update).members(0);
    return new Launch(
            MODULE,
            name("fl_linear_backward", samples),
            Extent.of(Extent.blocks(dx.columns(), STRIP)),
            Extent.of(samples == 1 ? 512 : 256))
        .bind(
            context,
            new Arguments()
                .tensor(dx)
                .tensor(op.dz())
                .tensor(op.weight().value())
                .tensor(op.saved())
                .struct(weight)
                .struct(biased ? GradientUpdate.ofBias(update).members(0) : GradientUpdate.none())
                .pointer(update == null ? 0 : update.control().words().address())
                .activation(op.activation())
                .s64(samples)
                .s64(dx.columns())
                .s64(op.dz().columns())
                .s64(dx.rowStride())
                .s64(op.dz().rowStride())
                .stride(op.saved()),
            op);
  }

  /** Blocks of the updates that a weight needs, in a launch for so many samples. */
  static long tiles(GradientUpdate update, long samples) {
    return Extent.blocks(update.outputs(), samples == 1 ? 4 : 2);
  }

  /** A launch over so many blocks of updates of weights. */
  static Launch updates(long tiles, long samples) {
    return new Launch(MODULE, name("fl_linear_updates", samples), Extent.of(tiles), THREADS_UPDATE);
  }
}

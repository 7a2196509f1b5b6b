package dev.feedlight.device.cuda;

import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Products of a dense layer, forward and backward. */
final class LinearKernels implements DenseProducts {
  private final CudaContext context;
  private final ProductTiles tiles;
  private final NarrowLayers narrow;
  private final FewSamples few;

  LinearKernels(CudaContext context, ProductTiles tiles) {
    this.context = context;
    this.tiles = tiles;
    this.narrow = new NarrowLayers(context, tiles.precision());
    this.few = new FewSamples(context, tiles.precision());
  }

  /** Narrow layers, any number of them; for few samples one layer and its check. */
  @Override
  public ForwardChain chain(List<Operation> operations, int from) {
    ForwardChain chain = ForwardChain.at(operations, from, narrow::fit);
    if (chain != null) {
      return chain;
    }
    ForwardChain ofFewSamples = ForwardChain.at(operations, from, few::fits);
    return ofFewSamples == null ? null : ofFewSamples.first();
  }

  @Override
  public Runnable together(ForwardChain chain) {
    return few.fits(chain.layers().getFirst().forward())
        ? few.forward(chain)
        : narrow.forward(chain);
  }

  @Override
  public boolean together(Operation.LinearBackwardInput back, Operation next) {
    return few.together(back, next);
  }

  @Override
  public Runnable backward(Operation.LinearBackwardInput back, Operation.LinearUpdate update) {
    return few.backward(back, update);
  }

  @Override
  public Runnable forward(Operation.LinearForward op) {
    if (narrow.fitAlone(op)) {
      return narrow.forward(ForwardChain.of(op));
    }
    if (few.fits(op)) {
      return few.forward(ForwardChain.of(op));
    }
    return tiled(op);
  }

  /** The forward product by tiles, whatever its shape. */
  Runnable tiled(Operation.LinearForward op) {
    Tensor y = op.y();
    return tiles
        .over("linear", "fl_linear_forward", y.rows(), y.columns())
        .bind(
            context,
            new Arguments()
                .tensor(y)
                .tensor(op.preActivation())
                .tensor(op.x())
                .tensor(op.weight().value())
                .parameter(op.bias())
                .activation(op.activation())
                .s64(y.rows())
                .s64(op.x().columns())
                .s64(y.columns())
                .s64(y.rowStride())
                .stride(op.preActivation())
                .s64(op.x().rowStride()),
            op);
  }

  @Override
  public Runnable backwardInput(Operation.LinearBackwardInput op) {
    if (few.fits(op)) {
      return few.backward(op, null);
    }
    Tensor dx = op.dx();
    return tiles
        .over("linear", "fl_linear_backward_input", dx.rows(), dx.columns())
        .bind(
            context,
            new Arguments()
                .tensor(dx)
                .tensor(op.dz())
                .tensor(op.weight().value())
                .tensor(op.saved())
                .activation(op.activation())
                .s64(dx.rows())
                .s64(dx.columns())
                .s64(op.dz().columns())
                .s64(dx.rowStride())
                .s64(op.dz().rowStride())
                .stride(op.saved()),
            op);
  }
}

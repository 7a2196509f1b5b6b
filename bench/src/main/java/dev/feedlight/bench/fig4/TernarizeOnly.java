package dev.feedlight.bench.fig4;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.Projector;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;

/**
 * What electronics do for a projection that light does: ternarize the error and find the scale of
 * the signal. The signal itself is fixed random numbers of about the error's size, as if the camera
 * had delivered them. For measuring time; nothing is learned by it.
 */
final class TernarizeOnly implements Projector {
  @Override
  public String ruleName() {
    return "odfa";
  }

  @Override
  public Projection bind(
      Device device, Scope scope, Tensor error, long outputs, StepControl control, long seed) {
    long batch = error.rows();
    Tensor signal = scope.allocate("delivered signal", new Shape(batch, outputs), DType.F32);
    float scale = (float) (1 / Math.sqrt((double) batch * outputs));
    device.eager().randomFill(signal, Distribution.NORMAL, scale / batch, seed);
    return new Bound(
        error,
        scope.allocate("ternary error", error.shape(), DType.S8),
        scope.allocate("ternary counts", new Shape(batch, 2), DType.S32),
        scope.allocate("signal scale", Shape.vector(batch), DType.F32),
        signal,
        control,
        Philox.deriveKey(seed, Stream.TERNARIZER, 0));
  }

  private record Bound(
      Tensor error,
      Tensor ternary,
      Tensor counts,
      Tensor rowScale,
      Tensor signal,
      StepControl control,
      long key)
      implements Projection {
    @Override
    public void issue(Ops ops) {
      ops.ternarize(ternary, counts, error, OpticalProjector.DEFAULT_RULE, key, control);
      ops.errorNormScale(rowScale, error, counts, 1, signal.columns());
    }
  }
}

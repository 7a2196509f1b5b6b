package dev.feedlight.learn;

import dev.feedlight.device.Device;
import dev.feedlight.device.MemoryNeed;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TernaryRule;
import dev.feedlight.opu.EmulatedOpu;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.opu.MatrixOrigin;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Projects the error with an optical processing unit: ternarize, show four frames per sample, read
 * out. With this projector, direct feedback alignment is the paper's ODFA.
 *
 * @param opu the unit's settings
 * @param ternaryRule how errors become mirrors
 * @param scale amplitude of the signal
 */
public record OpticalProjector(OpuSettings opu, TernaryRule ternaryRule, SignalScale scale)
    implements Projector {
  /**
   * The default ternary rule, stochastic (ours): on average the ternary vector is the error, up to
   * a factor per sample. Chosen on training examples held back (docs/results/fashion-mnist.md):
   * softmax errors have few large entries and many small ones, which no threshold treats rightly.
   */
  public static final TernaryRule DEFAULT_RULE = new TernaryRule.Stochastic();

  /** The default unit, ternarizer and scale. */
  public OpticalProjector() {
    this(OpuSettings.defaults());
  }

  /**
   * The default ternarizer and scale.
   *
   * @param opu the unit's settings
   */
  public OpticalProjector(OpuSettings opu) {
    this(opu, DEFAULT_RULE, new SignalScale.ErrorNorm(1));
  }

  @Override
  public String ruleName() {
    return "odfa";
  }

  /** The unit, ternary errors with their counts, a scale per sample, and the signal. */
  @Override
  public MemoryNeed memory(long rows, long inputs, long outputs) {
    MemoryNeed unit = EmulatedOpu.memory(opu, inputs, outputs);
    long perSample = Math.addExact(inputs + 8 + 4, Math.multiplyExact(4, outputs));
    long kept = Math.addExact(unit.keptBytes(), Math.multiplyExact(rows, perSample));
    // A drifting unit calibrates again while all of it is there.
    long again = opu.drift().drifts() ? Math.addExact(inputs, Math.multiplyExact(12, outputs)) : 0;
    return new MemoryNeed(
        kept,
        Math.max(unit.peakBytes(), Math.addExact(kept, again)),
        EmulatedOpu.fields(opu, inputs, outputs, rows),
        List.of());
  }

  @Override
  public Projection bind(
      Device device, Scope scope, Tensor error, long outputs, StepControl control, long seed) {
    EmulatedOpu unit = new EmulatedOpu(device, scope, opu, error.columns(), outputs, seed);
    return new Bound(this, unit, device, scope, error, outputs, control, seed);
  }

  /** The unit and its buffers at one batch. */
  private static final class Bound implements Projection {
    private final OpticalProjector settings;
    private final EmulatedOpu unit;
    private final Device device;
    private final Tensor error;
    private final Tensor ternary;
    private final Tensor counts;
    private final Tensor rowScale;
    private final Tensor signal;
    private final StepControl control;
    private final long ternarizerKey;

    private Bound(
        OpticalProjector settings,
        EmulatedOpu unit,
        Device device,
        Scope scope,
        Tensor error,
        long outputs,
        StepControl control,
        long seed) {
      this.settings = settings;
      this.unit = unit;
      this.device = device;
      this.error = error;
      this.control = control;
      this.ternarizerKey = Philox.deriveKey(seed, Stream.TERNARIZER, 0);
      long batch = error.rows();
      this.ternary = scope.allocate("ternary error", error.shape(), DType.S8);
      this.counts = scope.allocate("ternary counts", new Shape(batch, 2), DType.S32);
      this.rowScale = scope.allocate("signal scale", Shape.vector(batch), DType.F32);
      this.signal = scope.allocate("projected signal", new Shape(batch, outputs), DType.F32);
      if (settings.scale() instanceof SignalScale.Calibrated(float gain)) {
        device
            .eager()
            .fill(rowScale, (float) (gain / Math.sqrt((double) error.columns() * outputs) / batch));
      }
    }

    @Override
    public void begin(long projection) {
      unit.advance(projection);
    }

    @Override
    public void issue(Ops ops) {
      ops.ternarize(ternary, counts, error, settings.ternaryRule(), ternarizerKey, control);
      if (settings.scale() instanceof SignalScale.ErrorNorm(float gain)) {
        ops.errorNormScale(rowScale, error, counts, gain, signal.columns());
      }
      unit.issue(ops, signal, ternary, counts, rowScale, control);
    }

    @Override
    public Tensor signal() {
      return signal;
    }

    @Override
    public float[] matrix() {
      return unit.realMatrix();
    }

    @Override
    public void observe() {
      int[] values = new int[Math.toIntExact(counts.shape().elements())];
      device.read(counts, values);
      long positive = 0;
      long negative = 0;
      for (int i = 0; i < values.length; i += 2) {
        positive += values[i];
        negative += values[i + 1];
      }
      unit.log().projections(error.rows(), error.columns(), positive, negative);
    }

    @Override
    public FrameLog frameLog() {
      return unit.log();
    }

    @Override
    public int[] selectedPixels() {
      return unit.pixels();
    }

    @Override
    public MatrixOrigin matrixOrigin() {
      return unit.matrixOrigin();
    }
  }
}

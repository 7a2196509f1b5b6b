package dev.feedlight.device.cuda;

import dev.feedlight.device.ForwardChain;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Generations of kernels that no device takes for a plan: those of kernels/lab, and older ones on
 * shapes for which there is something faster. For measurements beside what a device takes, and for
 * tests; kernels/lab/README.md numbers them.
 */
public final class CudaLab {
  private static final String LAZY = "linear_lazy";

  private final CudaDevice device;

  /**
   * Those of a device.
   *
   * @param device open
   */
  public CudaLab(CudaDevice device) {
    this.device = device;
  }

  /**
   * Products of dense layers by tiles of 64 x 64, whatever their shapes, and a launch for each
   * operation and bias.
   *
   * @param plan forward passes, their checks, and updates
   * @return runs the plan once per call, as a graph
   * @throws IllegalArgumentException if something else is in the plan
   */
  public Runnable tiled(Plan plan) {
    ProductTiles tiles = new ProductTiles(device.precision());
    return device.prepare(
        plan,
        context -> {
          LinearKernels products = new LinearKernels(context, tiles);
          UpdateKernels updates = new UpdateKernels(context, new TileWeightUpdates(context, tiles));
          SmallKernels small = new SmallKernels(context);
          return plan.operations().stream()
              .map(
                  operation ->
                      switch (operation) {
                        case Operation.LinearForward op -> products.tiled(op);
                        case Operation.LinearUpdate op -> updates.update(op);
                        case Operation.FiniteCheck op -> small.finiteCheck(op);
                        default -> throw foreign(operation);
                      })
              .toArray(Runnable[]::new);
        });
  }

  /**
   * Updates that wait until a forward pass reads the weight: each is done in the pass over the
   * weight that multiplies with it. The bits are those of the plan as a device runs it for these
   * shapes.
   *
   * @param plan updates of the step before, for at most 8 samples, then for each of their weights
   *     one forward pass of this step, perhaps with the check of its result; the step before has a
   *     control of its own, and what its updates read is not written by the forward passes
   * @return runs the plan once per call, as a graph
   * @throws IllegalArgumentException if the plan is not of that kind; the message says where
   */
  public Runnable lazy(Plan plan) {
    if (device.precision() != Precision.FP32) {
      throw new IllegalArgumentException(
          "lazy updates are in fp32, this device has " + device.precision().label());
    }
    List<LazyLayer> layers = LazyLayer.of(plan.operations());
    return device.prepare(
        plan, context -> layers.stream().map(one -> bind(context, one)).toArray(Runnable[]::new));
  }

  private static Runnable bind(CudaContext context, LazyLayer layer) {
    Operation.LinearUpdate update = layer.update();
    Operation.LinearForward op = layer.forward();
    Tensor y = op.y();
    Arguments bias =
        op.bias() == null ? GradientUpdate.none() : GradientUpdate.ofBias(update).members(0);
    return FewSamples.overRows(LAZY, "fl_linear_lazy", layer.samples(), y.columns())
        .bind(
            context,
            new Arguments()
                .tensor(y)
                .tensor(op.preActivation())
                .control(layer.control())
                .tensor(op.x())
                .struct(GradientUpdate.ofWeight(update).members(0))
                .struct(bias)
                .control(update.control())
                .activation(op.activation())
                .s32(layer.block())
                .s64(y.rows())
                .s64(y.rowStride())
                .stride(op.preActivation())
                .s64(op.x().rowStride()),
            op);
  }

  private static IllegalArgumentException foreign(Operation operation) {
    return new IllegalArgumentException(
        operation.kernel() + " is neither a forward pass, nor its check, nor an update");
  }

  /**
   * A forward pass and the update that is done in it.
   *
   * @param update of the step before
   * @param forward of the same weight and bias
   * @param block number that the check of the result reports
   * @param control where; null for a result that nobody checks
   */
  private record LazyLayer(
      Operation.LinearUpdate update,
      Operation.LinearForward forward,
      int block,
      StepControl control) {

    long samples() {
      return Math.max(update.x().rows(), forward.x().rows());
    }

    /** Of a plan, layer by layer. */
    static List<LazyLayer> of(List<Operation> operations) {
      List<Operation.LinearUpdate> pending = new ArrayList<>();
      int i = 0;
      while (i < operations.size() && operations.get(i) instanceof Operation.LinearUpdate update) {
        pending.add(update);
        i++;
      }
      List<Operation.LinearUpdate> updates = List.copyOf(pending);
      List<LazyLayer> layers = new ArrayList<>();
      while (i < operations.size()) {
        ForwardChain all = ForwardChain.at(operations, i, _ -> true);
        if (all == null) {
          throw foreign(operations.get(i));
        }
        ForwardChain one = all.first();
        ForwardChain.Layer layer = one.layers().getFirst();
        LazyLayer lazy =
            new LazyLayer(
                take(pending, layer.forward()), layer.forward(), layer.block(), one.control());
        lazy.check(updates);
        layers.add(lazy);
        i += one.operations();
      }
      if (!pending.isEmpty()) {
        throw new IllegalArgumentException(
            "no forward pass reads " + pending.getFirst().weight().name() + ", which is updated");
      }
      return layers;
    }

    private static Operation.LinearUpdate take(
        List<Operation.LinearUpdate> pending, Operation.LinearForward forward) {
      for (Operation.LinearUpdate update : pending) {
        if (update.weight() == forward.weight() && update.bias() == forward.bias()) {
          pending.remove(update);
          return update;
        }
      }
      throw new IllegalArgumentException(
          "no update of " + forward.weight().name() + " and its bias is pending");
    }

    private void check(List<Operation.LinearUpdate> all) {
      String name = forward.weight().name();
      if (samples() > FewSamples.MOST_SAMPLES) {
        throw new IllegalArgumentException(
            name + ": " + samples() + " samples, at most " + FewSamples.MOST_SAMPLES + " are few");
      }
      if (!GradientUpdate.ofWeight(update).applies()) {
        throw new IllegalArgumentException(
            name + ": a gradient that is kept changes no weight, so it cannot be lazy");
      }
      for (Operation.LinearUpdate other : all) {
        if (control != null && control.words().overlaps(other.control().words())) {
          throw new IllegalArgumentException(
              name + ": the check must not look at the control of the step before");
        }
        for (Tensor read : List.of(other.x(), other.dy())) {
          refuseWritten(read, other);
        }
        if (other.saved() != null) {
          refuseWritten(other.saved(), other);
        }
      }
    }

    private void refuseWritten(Tensor read, Operation.LinearUpdate by) {
      if (forward.writes().stream().anyMatch(read::overlaps)) {
        throw new IllegalArgumentException(
            "the forward pass of "
                + forward.weight().name()
                + " writes what the pending update of "
                + by.weight().name()
                + " reads; steps must take turns with two buffers");
      }
    }
  }
}

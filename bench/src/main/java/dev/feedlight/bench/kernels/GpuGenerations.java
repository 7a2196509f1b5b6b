package dev.feedlight.bench.kernels;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.CudaLab;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Generations of kernels on a GPU, the same plan by each of them. */
final class GpuGenerations {
  /** In which there are some. */
  static final List<Precision> PRECISIONS = List.of(Precision.FP32, Precision.BF16);

  private static final UpdateTarget SGD = new UpdateTarget.Apply(Optimizer.sgd());

  private final CudaDevice device;
  private final CudaLab lab;
  private final Ceilings ceilings;
  private final KernelTime.Effort effort;
  private final List<Generation> all = new ArrayList<>();

  private GpuGenerations(CudaDevice device, Ceilings ceilings, KernelTime.Effort effort) {
    this.device = device;
    this.lab = new CudaLab(device);
    this.ceilings = ceilings;
    this.effort = effort;
  }

  /**
   * Measures those that there are in the device's precision.
   *
   * @param device idle, in one of {@link #PRECISIONS}, with Feedlight's own products
   * @param smoke whether operands shall be tiny
   * @param ceilings of the device
   * @return generations of a step after each other
   */
  static List<Generation> measure(CudaDevice device, boolean smoke, Ceilings ceilings) {
    KernelTime.Effort effort = smoke ? KernelTime.Effort.SMOKE : KernelTime.Effort.FULL;
    GpuGenerations run = new GpuGenerations(device, ceilings, effort);
    // Weights of 304 MB: of none is anything left in a cache when it comes again.
    int layers = smoke ? 2 : 8;
    long width = smoke ? 140 : 3080;
    switch (device.precision()) {
      case FP32 -> {
        run.fewSamples(layers, 1, width);
        run.fewSamples(layers, 8, width);
      }
      case BF16 -> {
        run.updates(layers, smoke ? 9 : 512, width);
        run.updates(layers, smoke ? 3 : 128, width);
      }
      case TF32 -> throw new IllegalArgumentException("there are no generations in tf32");
    }
    return run.all;
  }

  /** A step under direct feedback, from its updates to the end of the next forward pass. */
  private void fewSamples(int layers, long batch, long width) {
    KernelCase step =
        new KernelCase(
            "DFA step",
            layers + " layers of " + width + ", batch " + batch + ", fp32, SGD",
            (o, ops) -> {
              List<Parameter> weights = weights(o, layers, width);
              List<Parameter> biases = biases(o, layers, width);
              updates(o, ops, batch, weights, biases);
              Tensor x = o.floats(batch, width);
              for (int i = 0; i < layers; i++) {
                Tensor y = o.result(batch, width);
                ops.linearForward(y, null, x, weights.get(i), biases.get(i), Activation.TANH);
                x = y;
              }
            });
    time(step, 0, "products by tiles, a launch each", lab::tiled, Plan::bytes);
    time(step, 1, "rows for few samples, updates in one launch", device::prepare, Plan::bytes);
    time(step, 2, "updates in the next forward pass", lab::lazy, GpuGenerations::lazyBytes);
  }

  /** Updates of all layers, as direct feedback has them. */
  private void updates(int layers, long batch, long width) {
    KernelCase updates =
        new KernelCase(
            "DFA updates",
            layers + " layers of " + width + ", batch " + batch + ", bf16, SGD",
            (o, ops) ->
                updates(o, ops, batch, weights(o, layers, width), biases(o, layers, width)));
    time(updates, 0, "mma.sync, a launch each", lab::tiled, Plan::bytes);
    time(updates, 1, "as this device takes them", device::prepare, Plan::bytes);
  }

  private static List<Parameter> weights(Operands o, int layers, long width) {
    List<Parameter> weights = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      weights.add(o.weight(width, width));
    }
    return weights;
  }

  private static List<Parameter> biases(Operands o, int layers, long width) {
    List<Parameter> biases = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      biases.add(o.bias(width));
    }
    return biases;
  }

  private static void updates(
      Operands o, Ops ops, long batch, List<Parameter> weights, List<Parameter> biases) {
    for (int i = 0; i < weights.size(); i++) {
      long width = weights.get(i).shape().columns();
      ops.linearUpdate(
          weights.get(i),
          biases.get(i),
          o.floats(batch, width),
          o.floats(batch, width),
          o.floats(batch, width),
          Activation.TANH,
          SGD,
          o.control());
    }
  }

  /** The forward pass reads no weight of its own. */
  private static long lazyBytes(Plan plan) {
    long again = 0;
    for (Operation operation : plan.operations()) {
      if (operation instanceof Operation.LinearForward forward) {
        again += forward.weight().value().bytes();
      }
    }
    return plan.bytes() - again;
  }

  private void time(
      KernelCase step,
      int number,
      String what,
      Function<Plan, Runnable> prepare,
      ToLongFunction<Plan> bytes) {
    KernelTime time = KernelTime.measure(device, step, prepare, ceilings, effort);
    all.add(
        new Generation(
            step.kernel() + ": " + step.shape(),
            number,
            what,
            bytes.applyAsLong(time.call()),
            time.seconds(),
            time.n()));
  }
}

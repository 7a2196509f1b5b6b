package dev.feedlight.learn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Gradients;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.TrainingOperation.GradientNorm;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.nn.Block;
import dev.feedlight.nn.Network;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * From gradients to weights: at once, in the epilogue of the products; or through stored gradients,
 * which passes over micro-batches add up and the optimizer then takes, times a factor in device
 * memory: 1 / micro-batches, less if the norm is too large.
 */
final class WeightUpdate implements AutoCloseable {
  /** A parameter that the rule updates. */
  private record Trained(Parameter parameter, int block) {}

  private final Device device;
  private final Optimizer optimizer;
  private final GradientSettings settings;
  private final StepControl control;
  private final List<Trained> trained = new ArrayList<>();
  private final Gradients gradients;
  private final Tensor factor;
  private final Tensor norm;
  private final float[] normValue = {Float.NaN};

  /**
   * Allocates the optimizer's state and, if wanted, the gradients.
   *
   * @param state owns the optimizer's state
   * @param kept owns the gradients
   */
  WeightUpdate(
      Device device,
      Network network,
      LearningRule rule,
      Optimizer optimizer,
      GradientSettings settings,
      StepControl control,
      Scope state,
      Scope kept) {
    this.device = device;
    this.optimizer = optimizer;
    this.settings = settings;
    this.control = control;
    try {
      List<Block> blocks = network.blocks();
      for (int i = 0; i < blocks.size(); i++) {
        if (rule.trains(network, i)) {
          for (Parameter parameter : blocks.get(i).parameters()) {
            trained.add(new Trained(parameter, i));
            parameter.allocateState(state, optimizer);
          }
        }
      }
      List<Parameter> parameters = trained.stream().map(Trained::parameter).toList();
      boolean stored = settings.stored();
      this.gradients = stored ? Gradients.allocate(kept, parameters) : null;
      this.factor = stored ? kept.allocate("gradient factor", Shape.vector(1), DType.F32) : null;
      this.norm =
          settings.clipped() ? kept.allocate("gradient norm", Shape.vector(1), DType.F32) : null;
      if (stored) {
        device.eager().fill(factor, scale());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private float scale() {
    return 1f / settings.microBatches();
  }

  /** Where the gradients of a micro-batch go. */
  UpdateTarget target(int microBatch) {
    return settings.stored()
        ? new UpdateTarget.Accumulate(gradients, microBatch == 0 ? 0 : 1)
        : new UpdateTarget.Apply(optimizer);
  }

  /** Issues what is left to do once the gradients of all micro-batches have been issued. */
  void finish(Ops ops) {
    if (!settings.stored()) {
      return;
    }
    if (settings.clipped()) {
      List<GradientNorm.Part> parts =
          trained.stream()
              .map(t -> new GradientNorm.Part(gradients.of(t.parameter), t.block))
              .toList();
      ops.gradientNorm(norm, factor, parts, scale(), (float) settings.maxNorm(), control);
    }
    for (Trained t : trained) {
      ops.applyGradient(t.parameter, gradients.of(t.parameter), factor, optimizer, control);
    }
  }

  /** Norm of the last step's gradient before clipping; NaN if it is not clipped. */
  float gradientNorm() {
    if (settings.clipped()) {
      device.read(norm, normValue);
    }
    return normValue[0];
  }

  /** Lets go of the optimizer's state, whose memory its scope frees; idempotent. */
  @Override
  public void close() {
    trained.forEach(t -> t.parameter.releaseState());
    trained.clear();
  }
}

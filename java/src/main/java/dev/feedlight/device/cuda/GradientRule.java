package dev.feedlight.device.cuda;

import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;

/**
 * What a kernel does with a gradient: the numbers of kernels/include/optimizer.cuh and update.cuh.
 *
 * @param rule 0 SGD, 1 momentum, 2 Adam, 3 AdamW, 4 accumulate
 * @param rateFactor of the parameter's group
 * @param decay 0 for a group without
 * @param beta1 also the momentum, and beta of an accumulated gradient
 * @param beta2 of Adam
 * @param epsilon of Adam
 */
record GradientRule(
    int rule, float rateFactor, float decay, float beta1, float beta2, float epsilon) {
  /** A step of the optimizer. */
  static GradientRule step(Optimizer optimizer, Parameter parameter) {
    float factor = parameter.group().learningRateFactor();
    float decay = parameter.group().decay() ? optimizer.weightDecay() : 0;
    return switch (optimizer) {
      case Optimizer.Sgd _ -> new GradientRule(0, factor, decay, 0, 0, 0);
      case Optimizer.Momentum(float momentum, float _) ->
          new GradientRule(1, factor, decay, momentum, 0, 0);
      case Optimizer.Adam(float beta1, float beta2, float epsilon, float _, boolean decoupled) ->
          new GradientRule(decoupled ? 3 : 2, factor, decay, beta1, beta2, epsilon);
    };
  }

  /** {@code kept = beta kept + gradient}. */
  static GradientRule accumulate(float beta) {
    return new GradientRule(4, 0, 0, beta, 0, 0);
  }

  /** Appends the six numbers. */
  Arguments appendTo(Arguments arguments) {
    return arguments.s32(rule).f32(rateFactor).f32(decay).f32(beta1).f32(beta2).f32(epsilon);
  }
}

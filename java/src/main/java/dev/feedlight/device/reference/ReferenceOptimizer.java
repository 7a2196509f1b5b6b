package dev.feedlight.device.reference;

import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.StepControl;

/** One step of the optimizer on one parameter, element by element. */
final class ReferenceOptimizer {
  private final Optimizer optimizer;
  private final Cells value;
  private final Cells[] state;
  private final double learningRate;
  private final double decay;
  private final double correction1;
  private final double correction2;

  ReferenceOptimizer(Optimizer optimizer, Parameter parameter, ControlWords words) {
    this.optimizer = optimizer;
    this.value = new Cells(parameter.value());
    this.state = parameter.state().stream().map(Cells::new).toArray(Cells[]::new);
    this.learningRate =
        (double) words.real(StepControl.LEARNING_RATE) * parameter.group().learningRateFactor();
    this.decay = parameter.group().decay() ? optimizer.weightDecay() : 0;
    this.correction1 = words.real(StepControl.CORRECTION_1);
    this.correction2 = words.real(StepControl.CORRECTION_2);
  }

  void step(long row, long column, double gradient) {
    double w = value.real(row, column);
    double next =
        switch (optimizer) {
          case Optimizer.Sgd _ -> w - learningRate * (gradient + decay * w);
          case Optimizer.Momentum(float momentum, float _) -> {
            double m = momentum * (double) state[0].real(row, column) + gradient + decay * w;
            state[0].put(row, column, (float) m);
            yield w - learningRate * m;
          }
          case Optimizer.Adam adam -> adam(adam, row, column, w, gradient);
        };
    value.put(row, column, (float) next);
  }

  private double adam(Optimizer.Adam adam, long row, long column, double w, double gradient) {
    double g = adam.decoupled() ? gradient : gradient + decay * w;
    double m = mix(adam.beta1(), state[0].real(row, column), g);
    double v = mix(adam.beta2(), state[1].real(row, column), g * g);
    state[0].put(row, column, (float) m);
    state[1].put(row, column, (float) v);
    double direction = m * correction1 / (Math.sqrt(v * correction2) + adam.epsilon());
    return w - learningRate * (direction + (adam.decoupled() ? decay * w : 0));
  }

  private static double mix(double beta, double old, double now) {
    return beta * old + (1 - beta) * now;
  }
}

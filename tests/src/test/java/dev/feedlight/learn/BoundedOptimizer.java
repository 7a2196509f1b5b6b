package dev.feedlight.learn;

import dev.feedlight.device.Optimizer;
import dev.feedlight.gradient.BoundedMatrix;
import java.util.List;

/**
 * One step of every optimizer in double precision, written from their papers, with bounds on fp32's
 * errors.
 *
 * @param optimizer the rule
 * @param decays whether weight decay applies to the parameter
 * @param batch samples: the terms of the sum that SGD adds to the weight within the product
 */
record BoundedOptimizer(Optimizer optimizer, boolean decays, int batch) {
  private static final double UNIT = BoundedMatrix.UNIT;

  /** A parameter and its state: no moment, one, or two. */
  record Parameter(BoundedMatrix weight, List<BoundedMatrix> state) {}

  /** A value and how far fp32 may be off. */
  private record Bounded(double value, double bound) {}

  /** Where the computation of one entry goes. */
  @FunctionalInterface
  private interface Entry {
    Bounded at(int index);
  }

  /**
   * The parameter after one more step.
   *
   * @param number of the step, from 1
   */
  Parameter step(Parameter before, BoundedMatrix gradient, double rate, int number) {
    double decay = decays ? optimizer.weightDecay() : 0;
    BoundedMatrix weight = before.weight;
    return switch (optimizer) {
      case Optimizer.Sgd _ -> {
        Entry direction = i -> decayed(weight, gradient, decay, i);
        yield new Parameter(moved(weight, rate, 1, direction), List.of());
      }
      case Optimizer.Momentum(float momentum, float _) -> {
        BoundedMatrix old = before.state.getFirst();
        BoundedMatrix moment =
            matrix(weight, i -> mixed(momentum, old, i, 1, decayed(weight, gradient, decay, i)));
        yield new Parameter(moved(weight, rate, 1, i -> entry(moment, i)), List.of(moment));
      }
      case Optimizer.Adam adam -> {
        double added = adam.decoupled() ? 0 : decay;
        Entry g = i -> decayed(weight, gradient, added, i);
        double b1 = adam.beta1();
        double b2 = adam.beta2();
        BoundedMatrix first =
            matrix(weight, i -> mixed(b1, before.state.get(0), i, 1 - b1, g.at(i)));
        BoundedMatrix second =
            matrix(weight, i -> mixed(b2, before.state.get(1), i, 1 - b2, squared(g.at(i))));
        double kept = adam.decoupled() ? 1 - rate * decay : 1;
        Entry direction = i -> direction(adam, number, entry(first, i), entry(second, i));
        yield new Parameter(moved(weight, rate, kept, direction), List.of(first, second));
      }
    };
  }

  private static Bounded decayed(
      BoundedMatrix weight, BoundedMatrix gradient, double decay, int i) {
    double added = decay * weight.value(i);
    double g = gradient.value(i) + added;
    return new Bounded(g, gradient.bound(i) + 2 * UNIT * (Math.abs(g) + Math.abs(added)));
  }

  private static Bounded squared(Bounded g) {
    double bound = g.bound * (2 * Math.abs(g.value) + g.bound) + UNIT * g.value * g.value;
    return new Bounded(g.value * g.value, bound);
  }

  /** {@code old * a + next * b}. */
  private static Bounded mixed(double a, BoundedMatrix old, int i, double b, Bounded next) {
    double kept = a * old.value(i);
    double added = b * next.value;
    double rounding = 3 * UNIT * (Math.abs(kept) + Math.abs(added));
    return new Bounded(kept + added, b * next.bound + rounding);
  }

  /** The extremes of Adam's quotient follow from those of both moments. */
  private static Bounded direction(Optimizer.Adam adam, int number, Bounded m, Bounded v) {
    double c1 = 1 / (1 - Math.pow(adam.beta1(), number));
    double c2 = 1 / (1 - Math.pow(adam.beta2(), number));
    double exact = c1 * m.value / (Math.sqrt(c2 * v.value) + adam.epsilon());
    double worst = 0;
    for (double moment : new double[] {m.value - m.bound, m.value + m.bound}) {
      for (double square : new double[] {Math.max(0, v.value - v.bound), v.value + v.bound}) {
        double quotient = c1 * moment / (Math.sqrt(c2 * square) + adam.epsilon());
        worst = Math.max(worst, Math.abs(quotient - exact));
      }
    }
    return new Bounded(exact, worst + 8 * UNIT * Math.abs(exact));
  }

  private BoundedMatrix moved(BoundedMatrix weight, double rate, double kept, Entry direction) {
    return matrix(
        weight,
        i -> {
          Bounded d = direction.at(i);
          double value = kept * weight.value(i) - rate * d.value;
          double magnitude = Math.abs(weight.value(i)) + rate * (Math.abs(d.value) + d.bound);
          return new Bounded(value, rate * d.bound + (batch + 4) * UNIT * magnitude);
        });
  }

  private static Bounded entry(BoundedMatrix matrix, int i) {
    return new Bounded(matrix.value(i), matrix.bound(i));
  }

  private static BoundedMatrix matrix(BoundedMatrix like, Entry entry) {
    return BoundedMatrix.computed(
        like.rows(),
        like.columns(),
        (i, value, bound) -> {
          Bounded result = entry.at(i);
          value[i] = result.value;
          bound[i] = result.bound;
        });
  }
}

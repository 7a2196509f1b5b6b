package dev.feedlight.nn;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;

/**
 * Makes the parameters of a network. Each random one has a stream of its own, numbered in the order
 * in which they are made.
 */
public final class Initializer {
  private final Device device;
  private final Scope scope;
  private final InitialWeights weights;
  private final Values values;
  private int next;

  /** Gives a matrix its first values. */
  @FunctionalInterface
  private interface Values {
    void fill(Tensor matrix, float deviation, int number);
  }

  /**
   * For one network.
   *
   * @param device where it lives
   * @param scope owns the parameters
   * @param weights how large they are
   * @param seed of the network
   */
  public Initializer(Device device, Scope scope, InitialWeights weights, long seed) {
    this(
        device,
        scope,
        weights,
        (matrix, deviation, number) ->
            device
                .eager()
                .randomFill(
                    matrix,
                    Distribution.NORMAL,
                    deviation,
                    Philox.deriveKey(seed, Stream.WEIGHTS, number)));
  }

  private Initializer(Device device, Scope scope, InitialWeights weights, Values values) {
    this.device = device;
    this.scope = scope;
    this.weights = weights;
    this.values = values;
  }

  /** For a network whose values come from elsewhere: nothing is drawn for its matrices. */
  static Initializer zeros(Device device, Scope scope) {
    return new Initializer(
        device, scope, InitialWeights.GPT2, (matrix, _, _) -> device.eager().fill(matrix, 0));
  }

  /** Where the network lives. */
  Device device() {
    return device;
  }

  /** Weights of a product, outputs x inputs, times a factor. */
  Parameter matrix(String name, long outputs, long inputs, double factor) {
    return normal(name, outputs, inputs, factor * weights.matrix(inputs));
  }

  /** A table of embeddings, a row for each. */
  Parameter embedding(String name, long rows, long columns) {
    return normal(name, rows, columns, weights.embedding());
  }

  /** Normal values, which weight decay applies to. */
  private Parameter normal(String name, long rows, long columns, double deviation) {
    Parameter parameter =
        new Parameter(device, scope, name, new Shape(rows, columns), Parameter.Group.WEIGHTS);
    values.fill(parameter.value(), (float) deviation, next++);
    return parameter;
  }

  /** A row of equal values, without decay: gains and biases. */
  Parameter row(String name, long columns, float value) {
    Parameter parameter =
        new Parameter(device, scope, name, Shape.vector(columns), Parameter.Group.BIASES);
    device.eager().fill(parameter.value(), value);
    return parameter;
  }
}

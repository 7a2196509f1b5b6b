package dev.feedlight.nn;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.UpdateTarget;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Stream;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** Fully connected block: {@code y = f(x W^T + b)}. */
public final class Dense implements Block {
  private final String name;
  private final Parameter weight;
  private final Parameter bias;
  private final Activation activation;

  /**
   * Allocates and initialises the block: weights uniform with variance 1 / inputs (LeCun et al.
   * 1998), 2 / inputs for ReLU and GELU (He et al. 2015); biases 0.
   *
   * @param device where it lives
   * @param scope owns the parameters
   * @param name unique within the network
   * @param inputs features in, at least 1
   * @param outputs features out, at least 1
   * @param activation f
   * @param seed of the network
   * @param index number of the block, which selects its random stream
   */
  public Dense(
      Device device,
      Scope scope,
      String name,
      long inputs,
      long outputs,
      Activation activation,
      long seed,
      int index) {
    this.name = name;
    this.activation = activation;
    this.weight =
        new Parameter(
            device, scope, name + ".weight", new Shape(outputs, inputs), Parameter.Group.WEIGHTS);
    this.bias =
        new Parameter(device, scope, name + ".bias", Shape.vector(outputs), Parameter.Group.BIASES);
    double gain = activation == Activation.RELU || activation == Activation.GELU ? 2.0 : 1.0;
    device
        .eager()
        .randomFill(
            weight.value(),
            Distribution.UNIFORM,
            (float) Math.sqrt(3 * gain / inputs),
            Philox.deriveKey(seed, Stream.WEIGHTS, index));
    device.eager().fill(bias.value(), 0);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long inputs() {
    return weight.shape().columns();
  }

  @Override
  public long outputs() {
    return weight.shape().rows();
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  /**
   * The activation function.
   *
   * @return f
   */
  public Activation activation() {
    return activation;
  }

  @Override
  public BlockPass bind(Scope scope, Tensor x) {
    return new Pass(scope, x);
  }

  private final class Pass implements BlockPass {
    private final Tensor x;
    private final Tensor y;
    private final Tensor preActivation;
    private Signal signal;

    Pass(Scope scope, Tensor x) {
      this.x = x;
      Shape shape = new Shape(x.rows(), outputs());
      this.y = scope.allocate(name + ".y", shape, DType.F32);
      this.preActivation =
          activation.gradientNeedsPreActivation()
              ? scope.allocate(name + ".z", shape, DType.F32)
              : null;
    }

    @Override
    public Tensor output() {
      return y;
    }

    @Override
    public void forward(Ops ops) {
      ops.linearForward(y, preActivation, x, weight, bias, activation);
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      if (dx == null) {
        signal = new Signal(dy, saved(), activation);
        return;
      }
      if (activation != Activation.IDENTITY) {
        ops.activationGradient(dy, dy, saved(), activation);
      }
      ops.linearBackwardInput(dx, dy, weight, null, Activation.IDENTITY);
      signal = new Signal(dy, null, Activation.IDENTITY);
    }

    @Override
    public void update(Ops ops, UpdateTarget target, StepControl control) {
      if (signal == null) {
        throw new IllegalStateException(name + " was given no feedback signal");
      }
      ops.linearUpdate(
          weight, bias, x, signal.dy, signal.saved, signal.activation, target, control);
    }

    private Tensor saved() {
      return switch (activation) {
        case IDENTITY -> null;
        case GELU -> preActivation;
        case RELU, TANH, SIGMOID -> y;
      };
    }
  }

  /** What the update multiplies with x: dy f'(saved). */
  private record Signal(Tensor dy, Tensor saved, Activation activation) {}
}

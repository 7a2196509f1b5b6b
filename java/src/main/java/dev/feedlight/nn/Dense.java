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

/** Fully connected block: {@code y = f(x W^T + b)}, in training followed by dropout if wanted. */
public final class Dense implements Block {
  private final String name;
  private final Parameter weight;
  private final Parameter bias;
  private final Activation activation;
  private final float dropout;
  private final long dropoutKey;

  /**
   * A block without dropout.
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
    this(device, scope, name, inputs, outputs, activation, 0, seed, index);
  }

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
   * @param dropout rate in [0, 1) at which outputs are dropped in training; 0 costs nothing
   * @param seed of the network
   * @param index number of the block, which selects its random streams
   * @throws IllegalArgumentException if the rate is outside its range
   */
  public Dense(
      Device device,
      Scope scope,
      String name,
      long inputs,
      long outputs,
      Activation activation,
      float dropout,
      long seed,
      int index) {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("a dropout rate must lie in [0, 1), not " + dropout);
    }
    this.name = name;
    this.activation = activation;
    this.dropout = dropout;
    this.dropoutKey = Philox.deriveKey(seed, Stream.DROPOUT, index);
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

  /**
   * Weights and biases of a block.
   *
   * @param inputs features in
   * @param outputs features out
   * @return how many
   */
  public static long parameterCount(long inputs, long outputs) {
    return Math.multiplyExact(outputs, Math.addExact(inputs, 1));
  }

  /**
   * Values per sample that a block keeps once it is bound: outputs, and beside them what f' and the
   * mask of dropout need.
   *
   * @param outputs features out
   * @param activation f
   * @param dropout rate in [0, 1)
   * @param masksSignal whether it is trained and the gradient at its input is not wanted
   * @return how many
   */
  public static long valuesPerSample(
      long outputs, Activation activation, float dropout, boolean masksSignal) {
    int copies = 1;
    copies += dropout > 0 && gradientNeedsValue(activation) ? 1 : 0;
    copies += activation.gradientNeedsPreActivation() ? 1 : 0;
    copies += dropout > 0 && masksSignal ? 1 : 0;
    return Math.multiplyExact(copies, outputs);
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
    private final Scope scope;
    private final Tensor x;
    private final Tensor output;
    private final Tensor y;
    private final Tensor preActivation;
    private StepControl control;
    private Tensor masked;
    private Signal signal;

    Pass(Scope scope, Tensor x) {
      this.scope = scope;
      this.x = x;
      this.output = allocate(".y");
      this.y = dropout > 0 && gradientNeedsValue(activation) ? allocate(".undropped") : output;
      this.preActivation = activation.gradientNeedsPreActivation() ? allocate(".z") : null;
    }

    private Tensor allocate(String suffix) {
      return scope.allocate(name + suffix, new Shape(x.rows(), outputs()), DType.F32);
    }

    @Override
    public Tensor output() {
      return output;
    }

    @Override
    public void forward(Ops ops, StepControl step) {
      ops.linearForward(y, preActivation, x, weight, bias, activation);
      control = step;
      drop(ops, output, y);
    }

    @Override
    public void infer(Ops ops) {
      ops.linearForward(output, preActivation, x, weight, bias, activation);
    }

    @Override
    public void backward(Ops ops, Tensor dy, Tensor dx) {
      if (dx == null) {
        signal = new Signal(undropped(ops, dy), saved(), activation);
        return;
      }
      // The mask of dropout comes last, so that f' stays next to the product that made dy.
      if (activation != Activation.IDENTITY) {
        ops.activationGradient(dy, dy, saved(), activation);
      }
      drop(ops, dy, dy);
      ops.linearBackwardInput(dx, dy, weight, null, Activation.IDENTITY);
      signal = new Signal(dy, null, Activation.IDENTITY);
    }

    /** The signal behind the mask, in a buffer of this block: dy may be another block's too. */
    private Tensor undropped(Ops ops, Tensor dy) {
      if (dropout == 0) {
        return dy;
      }
      if (masked == null) { // while a plan is recorded; a block whose dx is wanted needs none
        masked = allocate(".masked signal");
      }
      drop(ops, masked, dy);
      return masked;
    }

    private void drop(Ops ops, Tensor result, Tensor source) {
      if (dropout > 0) {
        ops.dropout(result, source, dropout, dropoutKey, control);
      }
    }

    @Override
    public void update(Ops ops, UpdateTarget target, StepControl step) {
      if (signal == null) {
        throw new IllegalStateException(name + " was given no feedback signal");
      }
      ops.linearUpdate(weight, bias, x, signal.dy, signal.saved, signal.activation, target, step);
    }

    private Tensor saved() {
      return switch (activation) {
        case IDENTITY -> null;
        case GELU -> preActivation;
        case RELU, TANH, SIGMOID -> y;
      };
    }
  }

  /**
   * Whether f' is computed from the value of f(z), so that this must be kept beside the output that
   * dropout changes. ReLU needs the sign alone: the output has it, or is 0 like the masked signal.
   */
  private static boolean gradientNeedsValue(Activation activation) {
    return switch (activation) {
      case IDENTITY, RELU, GELU -> false;
      case TANH, SIGMOID -> true;
    };
  }

  /** What the update multiplies with x: dy f'(saved). */
  private record Signal(Tensor dy, Tensor saved, Activation activation) {}
}

package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Weights with the optimizer's state, a group and a name. Layout and place are the device's
 * business; everyone else uses {@link #read()} and {@link #write(float[])}.
 */
public final class Parameter {
  private final Device device;
  private final String name;
  private final Group group;
  private final Tensor value;
  private final List<Tensor> state = new ArrayList<>();
  private final List<Tensor> stateView = Collections.unmodifiableList(state);

  /**
   * Allocates a parameter; its values are undefined until written.
   *
   * @param device where it lives
   * @param scope who owns the memory
   * @param name unique within a network, for example {@code dense1.weight}
   * @param shape rows and columns
   * @param group learning-rate factor and decay
   */
  public Parameter(Device device, Scope scope, String name, Shape shape, Group group) {
    this.device = device;
    this.name = name;
    this.group = group;
    this.value = scope.allocate(name, shape, DType.F32);
  }

  /**
   * Allocates and zeroes the optimizer's state. Called for parameters that will be trained, once
   * until {@link #releaseState()}.
   *
   * @param scope who owns the memory
   * @param optimizer decides the number of slots
   */
  public void allocateState(Scope scope, Optimizer optimizer) {
    if (!state.isEmpty()) {
      throw new IllegalStateException("parameter " + name + " has optimizer state already");
    }
    for (int slot = 0; slot < optimizer.stateSlots(); slot++) {
      Tensor tensor = scope.allocate(name + ".state" + slot, value.shape(), DType.F32);
      device.eager().fill(tensor, 0);
      state.add(tensor);
    }
  }

  /** Forgets the optimizer's state, whose memory its scope frees; the values stay. */
  public void releaseState() {
    state.clear();
  }

  /**
   * Copies the values to the host.
   *
   * @return row-major values
   */
  public float[] read() {
    float[] values = new float[value.shape().arrayLength()];
    device.read(value, values);
    return values;
  }

  /**
   * Replaces the values.
   *
   * @param values row-major, as many as the parameter has
   */
  public void write(float[] values) {
    device.write(value, values);
  }

  /**
   * The name.
   *
   * @return unique within a network
   */
  public String name() {
    return name;
  }

  /**
   * The group.
   *
   * @return learning-rate factor and decay
   */
  public Group group() {
    return group;
  }

  /**
   * Rows and columns.
   *
   * @return the shape
   */
  public Shape shape() {
    return value.shape();
  }

  /**
   * The values where the device keeps them; for kernels and operations.
   *
   * @return an F32 tensor
   */
  public Tensor value() {
    return value;
  }

  /**
   * The optimizer's state; for kernels and checkpoints.
   *
   * @return one tensor per slot; empty before {@link #allocateState}
   */
  public List<Tensor> state() {
    return stateView;
  }

  /** Name and shape. */
  @Override
  public String toString() {
    return name + "[" + value.shape() + "]";
  }

  /**
   * Parameters that are treated alike.
   *
   * @param learningRateFactor multiplies the learning rate, 0 or more
   * @param decay whether weight decay applies
   */
  public record Group(float learningRateFactor, boolean decay) {
    /** Weight matrices: factor 1, with decay. */
    public static final Group WEIGHTS = new Group(1, true);

    /** Biases: factor 1, no decay. */
    public static final Group BIASES = new Group(1, false);

    /** Checks the factor. */
    public Group {
      if (!(learningRateFactor >= 0) || Float.isInfinite(learningRateFactor)) {
        throw new IllegalArgumentException(
            "learning-rate factor must be finite and >= 0, not " + learningRateFactor);
      }
    }
  }
}

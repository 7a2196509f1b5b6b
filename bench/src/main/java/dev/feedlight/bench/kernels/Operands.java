package dev.feedlight.bench.kernels;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes operands with random values: zeros can be faster than real data. */
final class Operands {
  /** Of updates, so that weights stay what they are however often they are updated. */
  private static final float RATE = 1e-9f;

  private final Device device;
  private final Scope scope;
  private final StepControl control;
  private final Map<Long, Parameter> shared = new HashMap<>();
  private long key;

  Operands(Device device, Scope scope) {
    this.device = device;
    this.scope = scope;
    this.control = new StepControl(device, scope);
    control.begin(Optimizer.sgd(), RATE, 0, 1, 0);
  }

  /** Words of a step; the same for all. */
  StepControl control() {
    return control;
  }

  /** Refuses times of updates that were skipped, which a check of finite values makes them. */
  void requireNoFailure() {
    StepControl.Failure failure = control.failure();
    if (failure != null) {
      throw new IllegalStateException(
          "a value was not finite, so updates were skipped: " + failure);
    }
  }

  /** Normal deviates. */
  Tensor floats(long rows, long columns) {
    Tensor tensor = result(rows, columns);
    device.eager().randomFill(tensor, Distribution.NORMAL, 0.1f, ++key);
    return tensor;
  }

  /** Positive numbers, such as reciprocal deviations. */
  Tensor ones(long rows, long columns) {
    Tensor tensor = result(rows, columns);
    device.eager().fill(tensor, 1);
    return tensor;
  }

  /** What is written before it is read. */
  Tensor result(long rows, long columns) {
    return result(rows, columns, DType.F32);
  }

  /** The same of another type. */
  Tensor result(long rows, long columns, DType type) {
    return scope.allocate("operand", new Shape(rows, columns), type);
  }

  /** Integers in [0, bound). */
  Tensor integers(long rows, long columns, int bound) {
    Tensor tensor = result(rows, columns, DType.S32);
    SplittableRandom random = new SplittableRandom(++key);
    int count = Math.toIntExact(tensor.shape().elements());
    device.write(tensor, random.ints(count, 0, bound).toArray());
    return tensor;
  }

  /** -1, 0 and 1, alike often. */
  Tensor ternary(long rows, long columns) {
    Tensor tensor = result(rows, columns, DType.S8);
    SplittableRandom random = new SplittableRandom(++key);
    byte[] values = new byte[Math.toIntExact(tensor.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextInt(3) - 1);
    }
    device.write(tensor, values);
    return tensor;
  }

  /** The signed bytes of a transmission matrix, real parts above imaginary ones. */
  void fillEntries(Tensor entries, long matrixKey) {
    device.eager().speckleGenerate(entries, PixelMap.PLAIN, matrixKey);
  }

  /** Weights with the state of plain SGD, which is none. */
  Parameter weight(long rows, long columns) {
    Parameter weight =
        new Parameter(device, scope, "weight", new Shape(rows, columns), Parameter.Group.WEIGHTS);
    device.eager().randomFill(weight.value(), Distribution.NORMAL, 0.01f, ++key);
    return weight;
  }

  /** A bias. */
  Parameter bias(long columns) {
    return weight(1, columns);
  }

  /** The one bias of its length: updates that share it cannot be run together. */
  Parameter sharedBias(long columns) {
    return shared.computeIfAbsent(columns, this::bias);
  }
}

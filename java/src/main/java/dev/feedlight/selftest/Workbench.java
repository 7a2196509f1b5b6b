package dev.feedlight.selftest;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Parameter;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.StepControl;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where a parity case lays out its operands: guarded, seeded, and watched while the operation runs.
 */
final class Workbench implements AutoCloseable {
  /** Name of the scope that holds a case's operands. */
  static final String SCOPE = "parity";

  private final Device device;
  private final ParityCase parityCase;
  private final GuardedScope scope;
  private final Values values;
  private final Map<Tensor, Tolerance> tolerances = new HashMap<>();
  private List<Tensor> written = List.of();

  Workbench(Device device, ParityCase parityCase) {
    this.device = device;
    this.parityCase = parityCase;
    this.scope = new GuardedScope(device, SCOPE);
    this.values = new Values(parityCase.key());
  }

  /** The case's random values. */
  Values values() {
    return values;
  }

  /** What the device rounds operands of dense products to. */
  Precision precision() {
    return device.precision();
  }

  /** A Philox key of the case's own. */
  long key() {
    return parityCase.key();
  }

  /** An operand with contents; the case says how it is compared if the operation changes it. */
  Tensor floats(String name, Layout layout, Matrix contents) {
    Tensor tensor = scope.allocate(name, contents.shape(), DType.F32, layout);
    device.write(tensor, contents.values());
    return tensor;
  }

  /** As {@link #floats}, null for null. */
  Tensor optional(String name, Layout layout, Matrix contents) {
    return contents == null ? null : floats(name, layout, contents);
  }

  /** An S32 operand. */
  Tensor integers(String name, Layout layout, Shape shape, int[] contents) {
    Tensor tensor = scope.allocate(name, shape, DType.S32, layout);
    device.write(tensor, contents);
    return tensor;
  }

  /** An S8 or U8 operand. */
  Tensor bytes(String name, Layout layout, Shape shape, DType dtype, byte[] contents) {
    Tensor tensor = scope.allocate(name, shape, dtype, layout);
    device.write(tensor, contents);
    return tensor;
  }

  /** A result, filled with the guard's pattern, so that an element left out shows. */
  Tensor result(String name, Layout layout, Shape shape, DType dtype, Tolerance tolerance) {
    Tensor tensor = scope.allocate(name, shape, dtype, layout);
    compare(tensor, tolerance);
    return tensor;
  }

  /** An F32 result. */
  Tensor result(String name, Layout layout, Shape shape, Tolerance tolerance) {
    return result(name, layout, shape, DType.F32, tolerance);
  }

  /** Says how a tensor that the operation changes is compared. */
  void compare(Tensor tensor, Tolerance tolerance) {
    tolerances.put(tensor, tolerance);
  }

  /** A parameter with values and, unless the rule is null, the rule's state. */
  Parameter parameter(String name, Matrix contents, Parameter.Group group, Optimizer optimizer) {
    Parameter parameter = new Parameter(device, scope, name, contents.shape(), group);
    parameter.write(contents.values());
    if (optimizer != null) {
      parameter.allocateState(scope, optimizer);
    }
    return parameter;
  }

  /** A parameter that is only read. */
  Parameter parameter(String name, Matrix contents) {
    return parameter(name, contents, Parameter.Group.WEIGHTS, null);
  }

  /** A control block whose projection number is the one given. */
  StepControl control(long projection) {
    StepControl control = new StepControl(device, scope);
    control.begin(Optimizer.sgd(), 0, projection, 1);
    return control;
  }

  /** Sets the sticky failure of a control block, as a finite check would. */
  void fail(StepControl control, int block) {
    int[] words = new int[Math.toIntExact(control.words().shape().elements())];
    device.read(control.words(), words);
    words[StepControl.FAILURE / 4] = block + 1;
    device.write(control.words(), words);
  }

  /** Replaces the contents of an F32 operand, between two steps. */
  void rewrite(Tensor tensor, Matrix contents) {
    device.write(tensor, contents.values());
  }

  /** Runs the operation and checks that it changed nothing but its results. */
  void issue(Consumer<Ops> body) {
    Plan plan = Plan.record(parityCase.name(), device.kernels(), body);
    if (plan.operations().size() != 1
        || plan.operations().getFirst().getClass() != parityCase.operation()) {
      throw new IllegalStateException(
          parityCase.name() + " issues another operation than it says: " + plan);
    }
    Operation operation = plan.operations().getFirst();
    written = operation.writes();
    List<int[]> before = snapshots();
    body.accept(device.eager());
    List<int[]> after = snapshots();
    for (int i = 0; i < before.size(); i++) {
      GuardedTensor guarded = scope.tensors().get(i);
      guarded.requireUnchanged(before.get(i), after.get(i), written.contains(guarded.view()));
    }
  }

  /** Everything that the operation wrote, as it is now. */
  List<Output> outputs() {
    List<Output> outputs = new ArrayList<>();
    for (GuardedTensor guarded : scope.tensors()) {
      Tensor view = guarded.view();
      if (written.contains(view)) {
        Tolerance tolerance = tolerances.get(view);
        if (tolerance == null) {
          throw new IllegalStateException(
              parityCase.name() + " does not say how " + guarded.name() + " is compared");
        }
        int[] words = GuardedTensor.words(device, view);
        outputs.add(new Output(guarded.name(), view.shape(), view.dtype(), words, tolerance));
      }
    }
    if (outputs.size() != written.stream().distinct().count()) {
      throw new IllegalStateException(
          parityCase.name() + " compares " + outputs.size() + " of " + written);
    }
    return outputs;
  }

  private List<int[]> snapshots() {
    return scope.tensors().stream().map(guarded -> guarded.snapshot(device)).toList();
  }

  @Override
  public void close() {
    scope.close();
  }
}

package dev.feedlight.device;

import dev.feedlight.device.Operation.ActivationGradient;
import dev.feedlight.device.Operation.LinearBackwardInput;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Folds {@code dx = dz W} and a later in-place {@code dx = dx * f'} into one operation, so that the
 * mask is applied while the product's tile is in cache. Backpropagation issues them apart, because
 * they belong to different blocks.
 */
public final class PlanFusion {
  private PlanFusion() {}

  /**
   * The same plan with fewer passes over memory; results are the same bits.
   *
   * @param plan as recorded
   * @return as a device should run it
   */
  public static Plan fuse(Plan plan) {
    List<Operation> operations = new ArrayList<>(plan.operations());
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i)
              instanceof
              LinearBackwardInput(
                  Tensor dx,
                  Tensor dz,
                  Parameter weight,
                  Tensor _,
                  Activation activation)
          && activation == Activation.IDENTITY) {
        int user = nextUse(operations, i, dx);
        if (user >= 0
            && operations.get(user)
                instanceof ActivationGradient(Tensor out, Tensor in, Tensor saved, Activation f)
            && out.equals(dx)
            && in.equals(dx)
            && !written(operations, i, user, saved)) {
          operations.set(i, new LinearBackwardInput(dx, dz, weight, saved, f));
          operations.remove(user);
        }
      }
    }
    return new Plan(plan.name(), operations);
  }

  /** First operation after {@code from} that touches the tensor, or -1. */
  private static int nextUse(List<Operation> operations, int from, Tensor tensor) {
    for (int i = from + 1; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      if (touches(operation.reads(), tensor) || touches(operation.writes(), tensor)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean written(List<Operation> operations, int from, int to, Tensor tensor) {
    return tensor != null
        && operations.subList(from, to).stream()
            .anyMatch(operation -> touches(operation.writes(), tensor));
  }

  private static boolean touches(List<Tensor> tensors, Tensor tensor) {
    return tensors.stream().anyMatch(tensor::overlaps);
  }
}

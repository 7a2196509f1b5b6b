package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring updates of a plan that commute: under direct feedback, those of all blocks. A device
 * may do them together.
 */
public final class IndependentUpdates {
  private IndependentUpdates() {}

  /**
   * The longest run of updates with one control block, none of which writes what another one
   * touches.
   *
   * @param operations of a plan, in its order
   * @param from where the run begins
   * @return the run; empty if the operation there is not an update
   */
  public static List<Operation.LinearUpdate> run(List<Operation> operations, int from) {
    List<Operation.LinearUpdate> updates = new ArrayList<>();
    List<Tensor> touched = new ArrayList<>();
    List<Tensor> written = new ArrayList<>();
    for (Operation operation : operations.subList(from, operations.size())) {
      if (!(operation instanceof Operation.LinearUpdate update)
          || (!updates.isEmpty() && !update.control().equals(updates.getFirst().control()))
          || overlaps(update.writes(), touched)
          || overlaps(update.reads(), written)) {
        break;
      }
      updates.add(update);
      touched.addAll(update.reads());
      touched.addAll(update.writes());
      written.addAll(update.writes());
    }
    return updates;
  }

  private static boolean overlaps(List<Tensor> some, List<Tensor> others) {
    return some.stream().anyMatch(one -> others.stream().anyMatch(one::overlaps));
  }
}

package dev.feedlight.device.cpu;

import dev.feedlight.device.Operation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a plan runs in one hand-off to the threads. Cores of one machine exchange a cache line in
 * about the time of a thousand operations, so neighbours of a plan that can share a hand-off do:
 * results are the same bits.
 */
final class CpuPlan {
  private CpuPlan() {}

  /** Operations that are bound together. */
  sealed interface Group {}

  /** One by itself. */
  record Single(Operation operation) implements Group {}

  /** A forward product and the look at its result. */
  record CheckedForward(Operation.LinearForward forward, Operation.FiniteCheck check)
      implements Group {}

  /** Updates that do not touch each other: under direct feedback, those of all blocks. */
  record Updates(List<Operation.LinearUpdate> operations) implements Group {}

  /** Groups neighbours and keeps the order. */
  static List<Group> groups(Plan plan, Precision precision) {
    List<Operation> operations = plan.operations();
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < operations.size(); ) {
      Group group = groupAt(operations, i, precision);
      groups.add(group);
      i += group instanceof Updates(var updates) ? updates.size() : group instanceof Single ? 1 : 2;
    }
    return groups;
  }

  private static Group groupAt(List<Operation> operations, int from, Precision precision) {
    Operation first = operations.get(from);
    if (first instanceof Operation.LinearForward forward
        && from + 1 < operations.size()
        && operations.get(from + 1) instanceof Operation.FiniteCheck check
        && check.values().equals(forward.y())) {
      return new CheckedForward(forward, check);
    }
    if (first instanceof Operation.LinearUpdate && precision == Precision.FP32) {
      List<Operation.LinearUpdate> updates = independentUpdates(operations, from);
      if (updates.size() > 1) {
        return new Updates(updates);
      }
    }
    return new Single(first);
  }

  /** The longest run of updates that commute. */
  private static List<Operation.LinearUpdate> independentUpdates(
      List<Operation> operations, int from) {
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

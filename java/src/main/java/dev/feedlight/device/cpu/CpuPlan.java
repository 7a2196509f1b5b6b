package dev.feedlight.device.cpu;

import dev.feedlight.device.IndependentUpdates;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
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
      List<Operation.LinearUpdate> updates = IndependentUpdates.run(operations, from);
      if (updates.size() > 1) {
        return new Updates(updates);
      }
    }
    return new Single(first);
  }
}

package dev.feedlight.bench.kernels;

import dev.feedlight.bench.step.Spread;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What one case takes and what it must take at least.
 *
 * @param measured the case
 * @param call a plan of one set of operands
 * @param sets of operands that take turns
 * @param seconds median and quartiles of one call
 * @param n rounds behind them
 * @param floor of one call
 */
record KernelTime(
    KernelCase measured, Plan call, int sets, Spread seconds, int n, Ceilings.Floor floor) {
  /**
   * How thoroughly to measure.
   *
   * @param rounds that are timed, at least 1
   * @param leastSeconds that a round takes at least
   * @param coldBytes that calls touch before one comes again, so that it finds nothing in a cache
   */
  record Effort(int rounds, double leastSeconds, long coldBytes) {
    /** Three times the largest cache that we know of, 60 MB. */
    static final Effort FULL = new Effort(31, 2e-3, 180_000_000);

    static final Effort SMOKE = new Effort(3, 0, 1);
  }

  private static final int MOST_SETS = 128;
  private static final int WARM_UPS = 3;
  private static final int MOST_REPLAYS = 1000;

  /**
   * Measures one case by the device's clock. Sets of operands take turns within one plan; a round
   * begins while the device still works on the plan before, so that the host's launches are not in
   * the time.
   *
   * @param device idle
   * @param one the case
   * @param ceilings of the device
   * @param effort how thoroughly
   */
  static KernelTime measure(Device device, KernelCase one, Ceilings ceilings, Effort effort) {
    return measure(device, one, device::prepare, ceilings, effort);
  }

  /**
   * The same with launches that are not those which the device takes.
   *
   * @param prepare makes a plan ready to run
   */
  static KernelTime measure(
      Device device,
      KernelCase one,
      Function<Plan, Runnable> prepare,
      Ceilings ceilings,
      Effort effort) {
    try (Scope scope = device.openScope(one.kernel())) {
      Operands operands = new Operands(device, scope);
      Plan call = record(device, one, operands);
      List<Operation> all = new ArrayList<>(call.operations());
      long bytes = call.residentBytes();
      int sets = Math.clamp(Math.ceilDiv(effort.coldBytes, bytes), 1, MOST_SETS);
      for (int i = 1; i < sets; i++) {
        all.addAll(record(device, one, operands).operations());
      }
      Runnable replay = prepare.apply(new Plan(call.name(), all));
      double once = Double.POSITIVE_INFINITY;
      for (int i = 0; i < WARM_UPS; i++) {
        once = Math.min(once, device.seconds(replay));
      }
      int replays =
          (int) Math.clamp(Math.ceil(effort.leastSeconds / Math.max(once, 1e-9)), 1, MOST_REPLAYS);
      double[] rounds = new double[effort.rounds];
      for (int i = 0; i < rounds.length; i++) {
        replay.run();
        rounds[i] = device.seconds(() -> repeat(replay, replays)) / replays / sets;
      }
      operands.requireNoFailure();
      return new KernelTime(
          one, call, sets, Spread.of(rounds), rounds.length, ceilings.floor(call));
    }
  }

  private static Plan record(Device device, KernelCase one, Operands operands) {
    return Plan.record(one.kernel(), device.kernels(), ops -> one.issue().run(operands, ops));
  }

  private static void repeat(Runnable replay, int times) {
    for (int i = 0; i < times; i++) {
      replay.run();
    }
  }

  /** The floor's share of the median, 1 at best. */
  double share() {
    return floor.seconds() / seconds.median();
  }
}

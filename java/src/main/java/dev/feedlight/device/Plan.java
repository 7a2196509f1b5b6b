package dev.feedlight.device;

import dev.feedlight.tensor.Storage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A list of operations with fixed shapes and operands: one training step, say. Recorded once,
 * prepared by a device, replayed many times.
 *
 * @param name for messages
 * @param operations in the order in which they were issued
 */
public record Plan(String name, List<Operation> operations) {
  /** Copies the list. */
  public Plan {
    operations = List.copyOf(operations);
  }

  /**
   * Records what the body issues; nothing is computed.
   *
   * @param name for messages
   * @param kernels asked whether they can run each operation
   * @param body issues operations
   * @return the plan
   */
  public static Plan record(String name, Kernels kernels, Consumer<Ops> body) {
    List<Operation> operations = new ArrayList<>();
    body.accept(new Ops(kernels, operations::add));
    return new Plan(name, operations);
  }

  /**
   * Operations of all kernels.
   *
   * @return multiplications and additions
   */
  public long flops() {
    return operations.stream().mapToLong(Operation::flops).sum();
  }

  /**
   * Bytes that must cross memory, each operation by itself.
   *
   * @return bytes
   */
  public long bytes() {
    return operations.stream().mapToLong(Operation::bytes).sum();
  }

  /**
   * Memory that the operations touch.
   *
   * @return each storage once
   */
  public Set<Storage> storages() {
    Set<Storage> storages = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Operation operation : operations) {
      operation.reads().forEach(tensor -> storages.add(tensor.storage()));
      operation.writes().forEach(tensor -> storages.add(tensor.storage()));
    }
    return storages;
  }

  /**
   * Memory that the plan needs at once: each storage that an operation touches, counted once and
   * whole. What kernels keep for themselves is not in it.
   *
   * @return bytes
   */
  public long residentBytes() {
    return storages().stream().mapToLong(Storage::bytes).sum();
  }

  /**
   * The least time a device could take: the larger of operations over its rate and bytes over its
   * bandwidth, operation by operation.
   *
   * @param flopsPerSecond measured rate
   * @param bytesPerSecond measured bandwidth
   * @return seconds
   */
  public double floorSeconds(double flopsPerSecond, double bytesPerSecond) {
    return operations.stream()
        .mapToDouble(
            operation ->
                Math.max(operation.flops() / flopsPerSecond, operation.bytes() / bytesPerSecond))
        .sum();
  }

  /** A table: one line per operation, then the totals. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("plan " + name + "\n");
    for (Operation operation : operations) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-24s %-28s %12.3f MFLOP %10.3f MB%n",
              operation.kernel(),
              operation.writes(),
              operation.flops() / 1e6,
              operation.bytes() / 1e6));
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "  %-24s %-28s %12.3f MFLOP %10.3f MB",
                "total",
                operations.size() + " operations",
                flops() / 1e6,
                bytes() / 1e6))
        .append(
            String.format(Locale.ROOT, "%n  %-24s %58.3f MB", "resident", residentBytes() / 1e6))
        .toString();
  }
}

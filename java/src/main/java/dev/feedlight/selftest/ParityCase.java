package dev.feedlight.selftest;

import dev.feedlight.device.Device;
import dev.feedlight.device.Operation;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;
import java.util.List;

/** One operation with operands of given shapes, layout and values, to be run on any device. */
public final class ParityCase {
  private final String name;
  private final Class<? extends Operation> operation;
  private final String shapes;
  private final long seed;
  private final Body body;

  ParityCase(
      Class<? extends Operation> operation, String shapes, String variant, long seed, Body body) {
    this.name = operation.getSimpleName() + " " + shapes + (variant.isEmpty() ? "" : " " + variant);
    this.operation = operation;
    this.shapes = shapes;
    this.seed = seed;
    this.body = body;
  }

  /**
   * Unique in the list.
   *
   * @return operation, shapes and what else is special
   */
  public String name() {
    return name;
  }

  /**
   * What is checked.
   *
   * @return the record's class
   */
  public Class<? extends Operation> operation() {
    return operation;
  }

  /**
   * The extents.
   *
   * @return in words
   */
  public String shapes() {
    return shapes;
  }

  /**
   * Decides all values, together with the name.
   *
   * @return the seed of the list
   */
  public long seed() {
    return seed;
  }

  /** Key of the values: another one for each name, so that a new case changes no other. */
  long key() {
    return Philox.deriveKey(seed, Stream.SYNTHETIC_DATA, name.hashCode());
  }

  /**
   * Allocates and fills the operands, issues the operation and reads the results back.
   *
   * @param device where to run
   * @return every tensor that the operation writes
   * @throws ParityException if a byte changed that is not the operation's to change
   */
  public List<Output> run(Device device) {
    try (Workbench bench = new Workbench(device, this)) {
      body.run(bench);
      return bench.outputs();
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /** What a case does. */
  interface Body {
    /** Lays out operands on the bench and issues the operation. */
    void run(Workbench bench);
  }
}

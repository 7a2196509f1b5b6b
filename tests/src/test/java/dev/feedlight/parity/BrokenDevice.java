package dev.feedlight.parity;

import dev.feedlight.device.Device;
import dev.feedlight.device.ForwardingDevice;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Plan;
import java.util.List;

/** A device whose kernel of one operation has a fault; all else is right. */
final class BrokenDevice extends ForwardingDevice implements Kernels {
  private final Class<? extends Operation> victim;
  private final Fault fault;
  private Operation last;

  BrokenDevice(Device device, Class<? extends Operation> victim, Fault fault) {
    super(device);
    this.victim = victim;
    this.fault = fault;
  }

  /** The last operation of the faulty kind that was run. */
  Operation last() {
    return last;
  }

  @Override
  public String refusal(Operation operation) {
    return device.kernels().refusal(operation);
  }

  @Override
  public Runnable prepare(Operation operation) {
    Runnable kernel = device.kernels().prepare(operation);
    if (operation.getClass() != victim) {
      return kernel;
    }
    return () -> {
      last = operation;
      fault.run(operation, kernel, device);
    };
  }

  @Override
  public Runnable prepare(Plan plan) {
    List<Runnable> steps = plan.operations().stream().map(this::prepare).toList();
    return () -> steps.forEach(Runnable::run);
  }

  @Override
  public Kernels kernels() {
    return this;
  }

  @Override
  public Ops eager() {
    return new Ops(this, operation -> prepare(operation).run());
  }

  @Override
  public String name() {
    return "broken";
  }

  @Override
  public String description() {
    return "broken " + device.description();
  }
}

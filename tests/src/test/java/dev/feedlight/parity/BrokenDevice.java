package dev.feedlight.parity;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Operation;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/** A device whose kernel of one operation has a fault; all else is right. */
final class BrokenDevice implements Device, Kernels {
  private final Device device;
  private final Class<? extends Operation> victim;
  private final Fault fault;
  private Operation last;

  BrokenDevice(Device device, Class<? extends Operation> victim, Fault fault) {
    this.device = device;
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

  @Override
  public DeviceIdentity identity() {
    return device.identity();
  }

  @Override
  public int threads() {
    return device.threads();
  }

  @Override
  public Precision precision() {
    return device.precision();
  }

  @Override
  public Scope openScope(String name) {
    return device.openScope(name);
  }

  @Override
  public MemoryReport memory() {
    return device.memory();
  }

  @Override
  public void write(Tensor target, float[] source) {
    device.write(target, source);
  }

  @Override
  public void write(Tensor target, int[] source) {
    device.write(target, source);
  }

  @Override
  public void write(Tensor target, byte[] source) {
    device.write(target, source);
  }

  @Override
  public void read(Tensor source, float[] target) {
    device.read(source, target);
  }

  @Override
  public void read(Tensor source, int[] target) {
    device.read(source, target);
  }

  @Override
  public void read(Tensor source, byte[] target) {
    device.read(source, target);
  }

  @Override
  public void close() {
    device.close();
  }
}

package dev.feedlight.engine;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.DeviceIdentity;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Ops;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** A device on which one allocation fails, and the ones after it succeed. */
final class FailingDevice implements Device {
  private final Device device;
  private final int failing;
  private int allocations;

  /**
   * Wraps a device.
   *
   * @param device does all the work
   * @param failing number of the allocation that fails, from 0
   */
  FailingDevice(Device device, int failing) {
    this.device = device;
    this.failing = failing;
  }

  boolean hasFailed() {
    return allocations > failing;
  }

  @Override
  public Scope openScope(String name) {
    Scope scope = device.openScope(name);
    return new Scope() {
      @Override
      public Tensor allocate(String what, Shape shape, DType dtype) {
        if (allocations++ == failing) {
          throw new DeviceException("allocation " + failing + " fails: " + name + "/" + what);
        }
        return scope.allocate(what, shape, dtype);
      }

      @Override
      public String name() {
        return scope.name();
      }

      @Override
      public long bytes() {
        return scope.bytes();
      }

      @Override
      public void close() {
        scope.close();
      }
    };
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public String description() {
    return device.description();
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
  public MemoryReport memory() {
    return device.memory();
  }

  @Override
  public Kernels kernels() {
    return device.kernels();
  }

  @Override
  public Ops eager() {
    return device.eager();
  }

  @Override
  public Runnable prepare(Plan plan) {
    return device.prepare(plan);
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

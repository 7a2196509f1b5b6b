package dev.feedlight.engine;

import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.ForwardingDevice;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** A device on which one allocation fails, and the ones after it succeed. */
final class FailingDevice extends ForwardingDevice {
  private final int failing;
  private int allocations;

  /**
   * Wraps a device.
   *
   * @param device does all the work
   * @param failing number of the allocation that fails, from 0
   */
  FailingDevice(Device device, int failing) {
    super(device);
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
}

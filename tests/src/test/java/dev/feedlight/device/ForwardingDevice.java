package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;

/** Another device, for tests that change a part of it. */
public abstract class ForwardingDevice implements Device {
  protected final Device device;

  /** Wraps a device, which {@link #close()} closes. */
  protected ForwardingDevice(Device device) {
    this.device = device;
  }

  @Override
  public Scope openScope(String name) {
    return device.openScope(name);
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

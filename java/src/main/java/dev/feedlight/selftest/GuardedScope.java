package dev.feedlight.selftest;

import dev.feedlight.device.Device;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A scope whose every allocation lies between guards. */
final class GuardedScope implements Scope {
  private final Device device;
  private final Scope scope;
  private final List<GuardedTensor> tensors = new ArrayList<>();

  GuardedScope(Device device, String name) {
    this.device = device;
    this.scope = device.openScope(name);
  }

  @Override
  public Tensor allocate(String what, Shape shape, DType dtype) {
    return allocate(what, shape, dtype, Layout.DENSE);
  }

  Tensor allocate(String what, Shape shape, DType dtype, Layout layout) {
    Tensor outer = scope.allocate(what, layout.outer(shape, dtype), dtype);
    GuardedTensor guarded = new GuardedTensor(what, outer, layout.view(outer, shape));
    guarded.writePattern(device);
    tensors.add(guarded);
    return guarded.view();
  }

  List<GuardedTensor> tensors() {
    return tensors;
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
}

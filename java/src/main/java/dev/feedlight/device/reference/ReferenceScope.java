package dev.feedlight.device.reference;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Locale;

/** An arena with a name. */
final class ReferenceScope implements Scope {
  private final String name;
  private final ReferenceMemory memory;

  // Shared, because a device may be handed from one thread to the next.
  private final Arena arena = Arena.ofShared();
  private long bytes;

  ReferenceScope(String name, ReferenceMemory memory) {
    this.name = name;
    this.memory = memory;
  }

  @Override
  public Tensor allocate(String what, Shape shape, DType dtype) {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("cannot allocate " + what + ": scope " + name + " is closed");
    }
    long size = Math.multiplyExact(shape.elements(), dtype.bytes());
    memory.reserve(name, what, size);
    ReferenceStorage storage;
    try {
      storage = new ReferenceStorage(arena, name, what, size);
    } catch (OutOfMemoryError e) {
      memory.cancel(size);
      throw new DeviceException(
          String.format(
              Locale.ROOT,
              "the system has no memory for %s of scope %s: %d bytes",
              what,
              name,
              size),
          e);
    }
    bytes += size;
    return Tensor.dense(storage, shape, dtype);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      memory.closed(this);
      bytes = 0;
    }
  }
}

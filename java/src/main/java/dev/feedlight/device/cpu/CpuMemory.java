package dev.feedlight.device.cpu;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.MemoryReport;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Storage;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Off-heap memory of one device: scopes that own it, and a count of live bytes. */
final class CpuMemory implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final long capacity;
  private final List<CpuScope> open = new ArrayList<>();
  private long live;
  private long peak;
  private boolean closed;

  CpuMemory(long capacity) {
    this.capacity = capacity;
  }

  synchronized Scope openScope(String name) {
    if (closed) {
      throw new IllegalStateException("the device is closed: no scope " + name);
    }
    CpuScope scope = new CpuScope(name);
    open.add(scope);
    return scope;
  }

  synchronized MemoryReport report() {
    SortedMap<String, Long> scopes = new TreeMap<>();
    for (CpuScope scope : open) {
      scopes.merge(scope.name, scope.bytes, Long::sum);
    }
    return new MemoryReport(live, peak, capacity, scopes);
  }

  @Override
  public void close() {
    closed = true;
    for (CpuScope scope : List.copyOf(open)) {
      scope.close();
    }
  }

  private synchronized void claim(String scope, String what, long bytes) {
    if (bytes > capacity - live) {
      throw new DeviceException("cannot allocate " + wanted(scope, what, bytes));
    }
    live += bytes;
  }

  /** What was wanted and what is there; the claim itself must not be among what is live. */
  private String wanted(String scope, String what, long bytes) {
    List<String> largest =
        open.stream()
            .sorted(Comparator.comparingLong((CpuScope s) -> s.bytes).reversed())
            .limit(3)
            .map(s -> s.name + " " + s.bytes)
            .toList();
    return bytes
        + " bytes for "
        + what
        + " in scope "
        + scope
        + ": "
        + live
        + " bytes are live (peak "
        + peak
        + ") of "
        + capacity
        + "; largest scopes: "
        + largest;
  }

  private synchronized DeviceException refusedBySystem(
      String scope, String what, long bytes, OutOfMemoryError cause) {
    live -= bytes;
    return new DeviceException(
        "the system refuses " + wanted(scope, what, bytes) + ". Other processes may hold the rest",
        cause);
  }

  private synchronized void allocated(CpuScope scope, long bytes) {
    scope.bytes += bytes;
    peak = Math.max(peak, live);
  }

  private synchronized void release(long bytes) {
    live -= bytes;
  }

  /** Owns one arena per allocation's lifetime: all of a scope dies together. */
  private final class CpuScope implements Scope {
    private final String name;
    private final Arena arena = Arena.ofShared();
    private long bytes;
    private boolean closed;

    CpuScope(String name) {
      this.name = name;
    }

    @Override
    public Tensor allocate(String what, Shape shape, DType dtype) {
      requireOpen();
      long wanted = Math.multiplyExact(shape.elements(), dtype.bytes());
      claim(name, what, wanted);
      try {
        long address = arena.allocate(wanted, ALIGNMENT).address();
        allocated(this, wanted);
        return Tensor.dense(new CpuStorage(this, what, address, wanted), shape, dtype);
      } catch (OutOfMemoryError e) {
        throw refusedBySystem(name, what, wanted, e);
      }
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
      if (!closed) {
        closed = true;
        arena.close();
        release(bytes);
        bytes = 0;
        synchronized (CpuMemory.this) {
          open.remove(this);
        }
      }
    }

    private void requireOpen() {
      if (closed) {
        throw new IllegalStateException("scope " + name + " is closed");
      }
    }
  }

  private record CpuStorage(CpuScope scope, String what, long base, long bytes) implements Storage {
    @Override
    public long address() {
      scope.requireOpen();
      return base;
    }

    @Override
    public String owner() {
      return scope.name + "/" + what;
    }
  }
}

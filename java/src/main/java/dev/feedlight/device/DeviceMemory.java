package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Storage;
import dev.feedlight.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The memory of one device: scopes that own it, and a count of live bytes. Backends say where bytes
 * come from by a {@link Region} for each scope.
 */
public abstract class DeviceMemory implements AutoCloseable {
  private final long capacity;
  private final List<RegionScope> open = new ArrayList<>();
  private long live;
  private long peak;
  private boolean closed;

  /**
   * Creates the count.
   *
   * @param capacity most bytes that may be live
   */
  protected DeviceMemory(long capacity) {
    this.capacity = capacity;
  }

  /** Memory of one scope, which is freed all at once. */
  protected interface Region {
    /**
     * Takes memory.
     *
     * @param bytes at least 1
     * @return the address
     * @throws OutOfMemoryError if the system has not so much; nothing was taken then
     */
    long allocate(long bytes);

    /** Gives everything back. */
    void free();
  }

  /**
   * Makes the memory of a new scope.
   *
   * @return a region that holds nothing yet
   */
  protected abstract Region region();

  /**
   * Opens a scope.
   *
   * @param name for messages and the report
   * @return the scope
   * @throws IllegalStateException if the device is closed
   */
  public final synchronized Scope openScope(String name) {
    if (closed) {
      throw new IllegalStateException("the device is closed: no scope " + name);
    }
    RegionScope scope = new RegionScope(name, region());
    open.add(scope);
    return scope;
  }

  /**
   * Allocates a dense tensor that lives as long as another one, in its scope.
   *
   * @param other a tensor of this memory
   * @param what name for messages and the report
   * @param shape rows and columns
   * @param dtype element type
   * @return the tensor, with undefined contents
   * @throws DeviceException if the device has not enough memory; nothing was allocated then
   */
  public final Tensor allocateBeside(Tensor other, String what, Shape shape, DType dtype) {
    if (!(other.storage() instanceof RegionStorage storage)) {
      throw new IllegalArgumentException(other + " is of another memory");
    }
    return storage.scope.allocate(what, shape, dtype);
  }

  /**
   * Memory in use.
   *
   * @return the report
   */
  public final synchronized MemoryReport report() {
    SortedMap<String, Long> scopes = new TreeMap<>();
    for (RegionScope scope : open) {
      scopes.merge(scope.name, scope.bytes, Long::sum);
    }
    return new MemoryReport(live, peak, capacity, scopes);
  }

  /** Frees all scopes. */
  @Override
  public final void close() {
    closed = true;
    for (RegionScope scope : List.copyOf(open)) {
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
            .sorted(Comparator.comparingLong((RegionScope s) -> s.bytes).reversed())
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

  private synchronized void allocated(RegionScope scope, long bytes) {
    scope.bytes += bytes;
    peak = Math.max(peak, live);
  }

  private synchronized void release(long bytes) {
    live -= bytes;
  }

  private final class RegionScope implements Scope {
    private final String name;
    private final Region region;
    private long bytes;
    private boolean closed;

    RegionScope(String name, Region region) {
      this.name = name;
      this.region = region;
    }

    @Override
    public Tensor allocate(String what, Shape shape, DType dtype) {
      requireOpen();
      long wanted = Math.multiplyExact(shape.elements(), dtype.bytes());
      claim(name, what, wanted);
      try {
        long address = region.allocate(wanted);
        allocated(this, wanted);
        return Tensor.dense(new RegionStorage(this, what, address, wanted), shape, dtype);
      } catch (OutOfMemoryError e) {
        throw refusedBySystem(name, what, wanted, e);
      } catch (RuntimeException e) {
        release(wanted);
        throw e;
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
        region.free();
        release(bytes);
        bytes = 0;
        synchronized (DeviceMemory.this) {
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

  private record RegionStorage(RegionScope scope, String what, long base, long bytes)
      implements Storage {
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

package dev.feedlight.device.reference;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.MemoryReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Counts the bytes of one device and knows its open scopes. */
final class ReferenceMemory {
  private final long capacity;
  private final List<ReferenceScope> open = new ArrayList<>();
  private long live;
  private long peak;
  private boolean closed;

  ReferenceMemory(long capacity) {
    this.capacity = capacity;
  }

  ReferenceScope open(String name) {
    if (closed) {
      throw new IllegalStateException("cannot open scope " + name + ": the device is closed");
    }
    ReferenceScope scope = new ReferenceScope(name, this);
    open.add(scope);
    return scope;
  }

  /** Counts an allocation that is about to be made, or refuses it. */
  void reserve(String scope, String what, long bytes) {
    if (bytes > capacity - live) {
      throw new DeviceException(
          String.format(
              Locale.ROOT,
              "no memory for %s of scope %s: %d bytes asked for, %d of %d live",
              what,
              scope,
              bytes,
              live,
              capacity));
    }
    live += bytes;
    peak = Math.max(peak, live);
  }

  /** Takes back what {@link #reserve} counted, when the allocation failed. */
  void cancel(long bytes) {
    live -= bytes;
  }

  void closed(ReferenceScope scope) {
    open.remove(scope);
    live -= scope.bytes();
  }

  MemoryReport report() {
    TreeMap<String, Long> scopes = new TreeMap<>();
    for (ReferenceScope scope : open) {
      scopes.merge(scope.name(), scope.bytes(), Long::sum);
    }
    return new MemoryReport(live, peak, capacity, scopes);
  }

  void close() {
    closed = true;
    List.copyOf(open).forEach(ReferenceScope::close);
  }
}

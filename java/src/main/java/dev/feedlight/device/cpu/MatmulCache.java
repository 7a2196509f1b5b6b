package dev.feedlight.device.cpu;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compiled products by shape, because compiling costs about 1 ms. Thread-safe. Products in use are
 * never dropped; of the others the most recently used are kept, up to the capacity.
 */
final class MatmulCache implements AutoCloseable {
  private final OneDnn oneDnn;
  private final int capacity;
  private final Map<MatmulShape, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
  private boolean closed;

  private static final class Entry {
    final Matmul matmul;
    int holds;

    Entry(Matmul matmul) {
      this.matmul = matmul;
    }
  }

  /**
   * @param capacity how many products are kept; exceeded only while more are in use
   */
  MatmulCache(OneDnn oneDnn, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, not " + capacity);
    }
    this.oneDnn = oneDnn;
    this.capacity = capacity;
  }

  OneDnn oneDnn() {
    return oneDnn;
  }

  /**
   * The product of a shape, compiled if it is not there yet. Give it back by {@link #release}.
   *
   * @throws OneDnnException if oneDNN has no code for the shape
   */
  synchronized Matmul acquire(MatmulShape shape) {
    if (closed) {
      throw new IllegalStateException("this cache of products is closed");
    }
    Entry entry = entries.get(shape);
    if (entry == null) {
      entry = new Entry(new Matmul(oneDnn, shape));
      entries.put(shape, entry);
    }
    entry.holds++;
    trim();
    return entry.matmul;
  }

  /**
   * Ends one use.
   *
   * @param matmul from {@link #acquire}; must not be run any more by this user
   */
  synchronized void release(Matmul matmul) {
    if (closed) {
      return;
    }
    Entry entry = entries.get(matmul.shape());
    if (entry == null || entry.matmul != matmul || entry.holds == 0) {
      throw new IllegalStateException("not in use from this cache: " + matmul.shape());
    }
    entry.holds--;
    trim();
  }

  synchronized int size() {
    return entries.size();
  }

  private void trim() {
    Iterator<Entry> oldest = entries.values().iterator();
    while (entries.size() > capacity && oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.holds == 0) {
        oldest.remove();
        entry.matmul.close();
      }
    }
  }

  /** Frees all products, in use or not; nothing may be running. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    entries.values().forEach(e -> e.matmul.close());
    entries.clear();
  }
}

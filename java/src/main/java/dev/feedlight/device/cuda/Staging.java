package dev.feedlight.device.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/**
 * Copies by way of pinned memory, in the order of the stream. Writes do not wait for the GPU unless
 * the ring is full; reads do.
 */
final class Staging implements AutoCloseable {
  private static final int BYTES = 4 << 20; // ours
  private static final long ALIGNMENT = 64;

  private final CudaDriver driver;
  private Pointer pinned;
  private MemorySegment host;
  private long next;

  Staging(CudaDriver driver) {
    this.driver = driver;
  }

  /** Copies a segment of the host to an address of the device. */
  void write(long address, MemorySegment source) {
    long n = source.byteSize();
    for (long done = 0; done < n; ) {
      long part = Math.min(BYTES, n - done);
      long place = room(part);
      MemorySegment.copy(source, done, host, place, part);
      driver.copyIn(address + done, pinned.withByteOffset(place), part);
      done += part;
    }
  }

  /** Copies from an address of the device to a segment of the host, after all work before. */
  void read(long address, MemorySegment target) {
    long n = target.byteSize();
    for (long done = 0; done < n; ) {
      long part = Math.min(BYTES, n - done);
      long place = room(part);
      driver.copyOut(pinned.withByteOffset(place), address + done, part);
      driver.synchronize();
      MemorySegment.copy(host, place, target, done, part);
      done += part;
    }
  }

  /** Bytes of the ring that no copy under way uses. */
  private long room(long bytes) {
    if (pinned == null) {
      pinned = driver.allocateHost(BYTES);
      host = MemorySegment.ofBuffer(pinned.getByteBuffer(0, BYTES));
    }
    if (bytes > BYTES - next) {
      driver.synchronize();
      next = 0;
    }
    long place = next;
    next = Math.min(BYTES, (next + bytes + ALIGNMENT - 1) & -ALIGNMENT);
    return place;
  }

  @Override
  public void close() {
    if (pinned != null) {
      driver.freeHost(pinned);
      pinned = null;
    }
  }
}

package dev.feedlight.device.cuda;

import dev.feedlight.device.HostCopy;
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

  /** Copies rows that lie together on the host to rows of the device, many by one call. */
  void write(HostCopy.Rows rows, MemorySegment source) {
    if (rows.count() == 1) {
      write(rows.address(), source);
      return;
    }
    long together = together(rows);
    for (long row = 0; row < rows.count(); row += together) {
      long count = Math.min(together, rows.count() - row);
      long address = rows.address() + row * rows.stride();
      MemorySegment part = part(rows, source, row, count);
      if (count == 1) {
        write(address, part);
      } else {
        long place = room(part.byteSize());
        MemorySegment.copy(part, 0, host, place, part.byteSize());
        driver.copyRowsIn(
            address, rows.stride(), pinned.withByteOffset(place), rows.bytes(), count);
      }
    }
  }

  /** Copies rows of the device to rows that lie together on the host, after all work before. */
  void read(HostCopy.Rows rows, MemorySegment target) {
    if (rows.count() == 1) {
      read(rows.address(), target);
      return;
    }
    long together = together(rows);
    for (long row = 0; row < rows.count(); row += together) {
      long count = Math.min(together, rows.count() - row);
      long address = rows.address() + row * rows.stride();
      MemorySegment part = part(rows, target, row, count);
      if (count == 1) {
        read(address, part);
      } else {
        long place = room(part.byteSize());
        driver.copyRowsOut(
            pinned.withByteOffset(place), address, rows.stride(), rows.bytes(), count);
        driver.synchronize();
        MemorySegment.copy(host, place, part, 0, part.byteSize());
      }
    }
  }

  /** Rows that fit into the ring together; the driver takes strides up to 2^31 - 1. */
  private static long together(HostCopy.Rows rows) {
    return rows.stride() > Integer.MAX_VALUE ? 1 : Math.max(1, BYTES / rows.bytes());
  }

  private static MemorySegment part(
      HostCopy.Rows rows, MemorySegment host, long first, long count) {
    return host.asSlice(first * rows.bytes(), count * rows.bytes());
  }

  /** Pinned memory for an answer of few bytes that comes with the next wait. */
  final class Mailbox implements AutoCloseable {
    private final long bytes;
    private final Pointer place;
    private final MemorySegment answer;

    private Mailbox(int bytes) {
      this.bytes = bytes;
      this.place = driver.allocateHost(bytes);
      this.answer = MemorySegment.ofBuffer(place.getByteBuffer(0, bytes));
    }

    /** Asks for what will stand at an address of the device after all work before. */
    void ask(long address) {
      driver.copyOut(place, address, bytes);
    }

    /** The bytes, after a wait. */
    MemorySegment answer() {
      return answer;
    }

    @Override
    public void close() {
      driver.freeHost(place);
    }
  }

  /** A new mailbox; whoever asks for it closes it. */
  Mailbox mailbox(int bytes) {
    return new Mailbox(bytes);
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

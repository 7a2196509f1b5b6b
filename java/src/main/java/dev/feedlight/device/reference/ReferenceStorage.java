package dev.feedlight.device.reference;

import dev.feedlight.tensor.Storage;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Off-heap bytes of one allocation; every access is checked against its bounds and its life. */
final class ReferenceStorage implements Storage {
  private static final long ALIGNMENT = 64;

  // All bits set: NaN as a float, -1 as an integer. Code that relies on zeroed memory shows.
  private static final byte UNDEFINED = (byte) 0xFF;

  private final String what;
  private final String owner;
  private final MemorySegment segment;

  ReferenceStorage(Arena arena, String owner, String what, long bytes) {
    this.what = what;
    this.owner = owner;
    this.segment = arena.allocate(bytes, ALIGNMENT).fill(UNDEFINED);
  }

  /** The bytes behind a tensor of a reference device. */
  static MemorySegment segmentOf(Tensor tensor) {
    if (tensor.storage() instanceof ReferenceStorage storage) {
      return storage.segment();
    }
    throw new IllegalArgumentException(
        tensor + " in " + tensor.storage().owner() + " does not belong to a reference device");
  }

  private MemorySegment segment() {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(
          what + " of scope " + owner + " was freed: its scope is closed");
    }
    return segment;
  }

  @Override
  public long bytes() {
    return segment.byteSize();
  }

  @Override
  public long address() {
    return segment().address();
  }

  @Override
  public String owner() {
    return owner;
  }
}

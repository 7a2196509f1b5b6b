package dev.feedlight.device.cpu;

import dev.feedlight.device.DeviceMemory;
import java.lang.foreign.Arena;

/** Off-heap memory of one device. */
final class CpuMemory extends DeviceMemory {
  private static final long ALIGNMENT = 64;

  CpuMemory(long capacity) {
    super(capacity);
  }

  @Override
  protected Region region() {
    return new ArenaRegion();
  }

  /** One arena for a scope's lifetime: all of it dies together. */
  private static final class ArenaRegion implements Region {
    private final Arena arena = Arena.ofShared();

    @Override
    public long allocate(long bytes) {
      return arena.allocate(bytes, ALIGNMENT).address();
    }

    @Override
    public void free() {
      arena.close();
    }
  }
}

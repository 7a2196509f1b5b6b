package dev.feedlight.device.cuda;

import dev.feedlight.device.DeviceMemory;
import dev.feedlight.device.Kernels;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import java.util.function.Supplier;

/**
 * Device memory that fields pass through, in a scope of its own: all operations share it, one after
 * the other, and it is as large as the largest of them needs. Graphs keep addresses, so what a plan
 * was bound to stays as long as the device is open; what operations used that ran at once is given
 * back when one needs more.
 */
final class FieldScratch {
  /** What a patch may take, unless one sample needs more; ours: a large second-level cache. */
  static final long PATCH_BYTES = 64L << 20;

  private final DeviceMemory memory;
  private long patchBytes = PATCH_BYTES;
  private Scope scope;
  private long address;
  private boolean binding;
  private boolean bound;

  FieldScratch(DeviceMemory memory) {
    this.memory = memory;
  }

  long patchBytes() {
    return patchBytes;
  }

  /** Cuts operations that are bound from now on into other patches; for tests. */
  void cut(long newPatchBytes) {
    patchBytes = newPatchBytes;
  }

  /** Binds a plan: what it takes is kept. */
  <T> T keptFor(Supplier<T> plan) {
    binding = true;
    try {
      return plan.get();
    } finally {
      binding = false;
    }
  }

  /**
   * Takes memory for one operation, when it is bound.
   *
   * @param bytes at least 1
   * @return an address aligned to 256 bytes
   */
  long take(long bytes) {
    if (scope == null || bytes > scope.bytes()) {
      if (scope != null && !bound) {
        scope.close();
      }
      scope = memory.openScope(Kernels.FIELD_SCRATCH);
      bound = false;
      address = scope.allocate("fields", Shape.vector(bytes), DType.U8).address();
    }
    bound |= binding;
    return address;
  }
}

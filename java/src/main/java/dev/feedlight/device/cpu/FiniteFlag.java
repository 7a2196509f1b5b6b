package dev.feedlight.device.cpu;

import dev.feedlight.device.Operation;
import java.util.concurrent.atomic.AtomicBoolean;

/** What threads saw that look at parts of one tensor, and the sticky failure that follows. */
final class FiniteFlag {
  private final Loops loops;
  private final int block;
  private final long control;
  private final AtomicBoolean bad = new AtomicBoolean();

  FiniteFlag(Loops loops, Operation.FiniteCheck check) {
    this.loops = loops;
    this.block = check.block();
    this.control = check.control().words().address();
  }

  /** Looks at {@code n} floats. */
  void look(long address, long n) {
    if (!loops.allFinite(address, n)) {
      bad.set(true);
    }
  }

  /** The work, in which threads look, and then the failure if one of them saw it. */
  Runnable after(Runnable work) {
    return () -> {
      bad.set(false);
      work.run();
      if (bad.get()) {
        StickyFailure.set(control, block);
      }
    };
  }
}

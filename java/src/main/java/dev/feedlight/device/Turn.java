package dev.feedlight.device;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Holds a device to one thread at a time. A second one is refused rather than queued: scratch
 * memory and streams are the device's, and two threads that share a device are a mistake.
 */
public final class Turn {
  private final AtomicBoolean taken = new AtomicBoolean();

  /** Creates the turn; nobody has it. */
  public Turn() {}

  /**
   * Runs the work unless another thread is at it.
   *
   * @param work to be done by one thread at a time
   * @param <T> type of its result
   * @return its result
   * @throws IllegalStateException if one is
   */
  public <T> T take(Supplier<T> work) {
    if (!taken.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "this device is running something on another thread; open one device per thread");
    }
    try {
      return work.get();
    } finally {
      taken.set(false);
    }
  }
}

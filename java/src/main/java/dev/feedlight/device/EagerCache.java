package dev.feedlight.device;

import dev.feedlight.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Operations that ran at once, as they were bound. Those of a loop come again with the same
 * operands, and binding costs more than many a kernel.
 */
public final class EagerCache {
  /** More than a loop has that issues its operations one by one (ours). */
  private static final int MOST = 16;

  private final Function<Operation, Runnable> binder;
  private final Map<Operation, Runnable> bound =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Operation, Runnable> eldest) {
          return size() > MOST;
        }
      };

  /**
   * An empty cache.
   *
   * @param binder binds an operation that is not in it
   */
  public EagerCache(Function<Operation, Runnable> binder) {
    this.binder = binder;
  }

  /**
   * Runs an operation.
   *
   * @param operation checked by {@link Ops}
   * @throws IllegalStateException if the memory of an operand was freed
   */
  public void run(Operation operation) {
    // What is bound has addresses: of a freed storage this throws.
    operation.reads().forEach(Tensor::address);
    operation.writes().forEach(Tensor::address);
    bound.computeIfAbsent(operation, binder).run();
  }

  /** Forgets all. */
  public void clear() {
    bound.clear();
  }
}

package dev.feedlight.device.cpu;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;

/** What the kernels of one device share: the team, the products, the loops, scratch memory. */
final class CpuContext {
  /** Elementwise work below this many elements is not worth waking a second thread. */
  private static final long SERIAL_ELEMENTS = 4096;

  private final Workers workers;
  private final MatmulCache products;
  private final Loops loops;
  private final CpuMemory memory;
  private final Precision precision;
  private final long[] scratch;
  private final long[] scratchBytes;
  private final Scope[] scratchScopes;

  CpuContext(
      Workers workers, MatmulCache products, Loops loops, CpuMemory memory, Precision precision) {
    this.workers = workers;
    this.products = products;
    this.loops = loops;
    this.memory = memory;
    this.precision = precision;
    this.scratch = new long[workers.threads() + 1];
    this.scratchBytes = new long[workers.threads() + 1];
    this.scratchScopes = new Scope[workers.threads() + 1];
  }

  /** Why {@link Precision#TF32} is refused; no context has it. */
  static DeviceException noTf32() {
    return new DeviceException(
        "the processor has no tf32 products, GPUs from sm_80 on do; take fp32 or bf16, or run with"
            + " --device cuda");
  }

  int threads() {
    return workers.threads();
  }

  Loops loops() {
    return loops;
  }

  Precision precision() {
    return precision;
  }

  OneDnn oneDnn() {
    return products.oneDnn();
  }

  /** A product, ready to run on every thread. */
  Matmul product(MatmulShape shape) {
    Matmul product = products.get(shape);
    for (int thread = 0; thread < threads(); thread++) {
      product.prepare(thread);
    }
    return product;
  }

  MatmulCache products() {
    return products;
  }

  /** Runs each part of a product on its thread; a product of one part stays on the caller. */
  Runnable overParts(ProductGrid grid, PartTask task) {
    return overParts(grid.parts(), task);
  }

  /** The same for so many parts, at most as many as there are threads. */
  Runnable overParts(int parts, PartTask task) {
    if (parts == 1) {
      return () -> task.run(0);
    }
    Workers.Task work =
        (thread, _) -> {
          if (thread < parts) {
            task.run(thread);
          }
        };
    return () -> workers.run(work);
  }

  /** Part of a product. */
  @FunctionalInterface
  interface PartTask {
    /** Does a part; its number is also that of its scratch. */
    void run(int part);
  }

  /** Runs rows on every thread, or all on the caller when there is little to do. */
  Runnable overRange(long n, long step, long elements, RangeTask task) {
    if (elements < SERIAL_ELEMENTS || threads() == 1) {
      return () -> task.run(0, 0, n);
    }
    Workers.Task work =
        (thread, threads) -> {
          long begin = Slices.begin(n, thread, threads, step);
          long end = Slices.end(n, thread, threads, step);
          if (begin < end) {
            task.run(thread, begin, end);
          }
        };
    return () -> workers.run(work);
  }

  /**
   * Makes every thread's scratch at least so large. Kernels ask when they are prepared, and read
   * {@link #scratch(int)} when they run: only one runs at a time.
   */
  void reserveScratch(long bytes) {
    for (int thread = 0; thread < threads(); thread++) {
      reserve(thread, bytes);
    }
  }

  /** The same for the scratch that all threads share. */
  void reserveShared(long bytes) {
    reserve(threads(), bytes);
  }

  /** Takes the new memory before it lets go of the old: plans prepared before still use that. */
  private void reserve(int slot, long bytes) {
    if (scratchBytes[slot] >= bytes) {
      return;
    }
    Scope larger = memory.openScope("kernel scratch");
    try {
      scratch[slot] = larger.allocate("scratch", Shape.vector(bytes), DType.U8).address();
    } catch (RuntimeException e) {
      larger.close();
      throw e;
    }
    scratchBytes[slot] = bytes;
    if (scratchScopes[slot] != null) {
      scratchScopes[slot].close();
    }
    scratchScopes[slot] = larger;
  }

  /** Address of a thread's scratch, aligned to 64 bytes. */
  long scratch(int thread) {
    return scratch[thread];
  }

  /** Address of the scratch that all threads share, aligned to 64 bytes. */
  long shared() {
    return scratch[threads()];
  }

  /** Part of a range. */
  @FunctionalInterface
  interface RangeTask {
    /** Does indices begin to end - 1; the thread's number is also that of its scratch. */
    void run(int thread, long begin, long end);
  }
}

package dev.feedlight.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.feedlight.device.cpu.OneDnnApi.Calls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A compiled product. {@link #run} takes raw addresses and allocates nothing in Java: memory
 * objects and argument lists are made once per thread number by {@link #prepare}. Executed
 * single-threaded by the calling thread; different thread numbers may run at the same time.
 */
final class Matmul implements AutoCloseable {
  private static final int ARGUMENT_BYTES = 16; // sizeof(dnnl_exec_arg_t): int, padding, pointer

  private final OneDnn oneDnn;
  private final MatmulShape shape;
  private final Arena arena = Arena.ofShared();
  private final long primitive;
  private final long primitiveDesc;
  private final long descA;
  private final long descB;
  private final long descBias;
  private final long descC;
  private final long scratchBytes;
  private final String implementation;
  private final Deque<Runnable> cleanup = new ArrayDeque<>();
  private final Slot[] slots;
  private volatile boolean closed;

  /** The memory objects of one thread, with the addresses they point to now. */
  private static final class Slot {
    long memoryA;
    long memoryB;
    long memoryBias;
    long memoryC;
    long memoryScratch;
    long a;
    long b;
    long bias;
    long c;
    long scratch;
    long arguments;
    int count;
  }

  /**
   * Compiles the product (about 1 ms; 2 us if oneDNN still has it).
   *
   * @throws OneDnnException if oneDNN has no code for it
   */
  Matmul(OneDnn oneDnn, MatmulShape shape) {
    this.oneDnn = oneDnn;
    this.shape = shape;
    this.slots = new Slot[oneDnn.threads()];
    boolean done = false;
    try {
      OneDnn.singleThreaded(); // the code is compiled for as many threads as OpenMP offers now
      MatmulTypes types = shape.types();
      descA = matrix(types.a, shape.m(), shape.k(), shape.transposeA(), shape.lda());
      descB = matrix(types.b, shape.k(), shape.n(), shape.transposeB(), shape.ldb());
      descC = matrix(types.c, shape.m(), shape.n(), false, shape.ldc());
      descBias = shape.bias() ? matrix(MatmulTypes.F32_TYPE, 1, shape.n(), false, shape.n()) : 0;
      long attributes = attributes();
      primitiveDesc =
          create(
              "dnnl_matmul_primitive_desc_create",
              out ->
                  (int)
                      Calls.MATMUL_DESC_CREATE.invokeExact(
                          out, oneDnn.engine(), descA, descB, descBias, descC, attributes),
              "dnnl_primitive_desc_destroy",
              h -> (int) Calls.PRIMITIVE_DESC_DESTROY.invokeExact(h));
      primitive =
          create(
              "dnnl_primitive_create",
              out -> (int) Calls.PRIMITIVE_CREATE.invokeExact(out, primitiveDesc),
              "dnnl_primitive_destroy",
              h -> (int) Calls.PRIMITIVE_DESTROY.invokeExact(h));
      scratchBytes = (long) Calls.DESC_SIZE.invokeExact(scratchDesc());
      implementation = queryImplementation();
      done = true;
    } catch (Throwable t) {
      throw OneDnnApi.rethrow(t);
    } finally {
      if (!done) {
        free();
      }
    }
  }

  MatmulShape shape() {
    return shape;
  }

  /** Name of oneDNN's code, for example {@code brg_matmul:avx512_core}. */
  String implementation() {
    return implementation;
  }

  /** Scratch memory one run needs. */
  long scratchBytes() {
    return scratchBytes;
  }

  /**
   * Makes what a thread number needs, so that its runs allocate nothing. Idempotent; a run of an
   * unprepared thread number does it first.
   */
  synchronized void prepare(int thread) {
    requireOpen();
    if (slots[thread] != null) {
      return;
    }
    oneDnn.reserveScratch(thread, scratchBytes);
    Slot slot = new Slot();
    slot.memoryA = memory(descA);
    slot.memoryB = memory(descB);
    slot.memoryC = memory(descC);
    slot.memoryBias = descBias == 0 ? 0 : memory(descBias);
    slot.memoryScratch = scratchBytes == 0 ? 0 : memory(scratchDesc());
    MemorySegment arguments = arena.allocate(5L * ARGUMENT_BYTES, 8);
    slot.arguments = arguments.address();
    slot.count = argument(arguments, 0, OneDnnApi.ARG_SRC, slot.memoryA);
    slot.count = argument(arguments, slot.count, OneDnnApi.ARG_WEIGHTS, slot.memoryB);
    slot.count = argument(arguments, slot.count, OneDnnApi.ARG_DST, slot.memoryC);
    slot.count = argument(arguments, slot.count, OneDnnApi.ARG_BIAS, slot.memoryBias);
    slot.count = argument(arguments, slot.count, OneDnnApi.ARG_SCRATCHPAD, slot.memoryScratch);
    slots[thread] = slot;
  }

  /**
   * Computes the product in the calling thread.
   *
   * @param thread thread number, in use by no other thread meanwhile
   * @param a address of A's first element; likewise b and c
   * @param bias address of n floats; ignored if the shape has no bias
   */
  void run(int thread, long a, long b, long bias, long c) {
    requireOpen();
    Slot slot = slots[thread];
    if (slot == null) {
      prepare(thread);
      slot = slots[thread];
    }
    int status;
    try {
      OneDnn.singleThreaded();
      slot.a = point(slot.memoryA, slot.a, a);
      slot.b = point(slot.memoryB, slot.b, b);
      slot.c = point(slot.memoryC, slot.c, c);
      slot.bias = point(slot.memoryBias, slot.bias, bias);
      slot.scratch = point(slot.memoryScratch, slot.scratch, oneDnn.scratchAddress(thread));
      status =
          (int)
              Calls.PRIMITIVE_EXECUTE.invokeExact(
                  primitive, oneDnn.stream(thread), slot.count, slot.arguments);
    } catch (Throwable t) {
      throw OneDnnApi.rethrow(t);
    }
    if (status != 0) {
      throw OneDnnException.of("dnnl_primitive_execute", status, shape);
    }
  }

  private static long point(long memory, long now, long wanted) throws Throwable {
    if (memory != 0 && now != wanted) {
      int status = (int) Calls.MEMORY_SET_HANDLE.invokeExact(memory, wanted);
      OneDnnApi.check("dnnl_memory_set_data_handle", status, "");
    }
    return wanted;
  }

  private static int argument(MemorySegment arguments, int index, int kind, long memory) {
    if (memory == 0) {
      return index;
    }
    arguments.set(JAVA_INT, (long) index * ARGUMENT_BYTES, kind);
    arguments.set(JAVA_LONG, (long) index * ARGUMENT_BYTES + 8, memory);
    return index + 1;
  }

  private long attributes() {
    long attributes =
        create(
            "dnnl_primitive_attr_create",
            out -> (int) Calls.ATTR_CREATE.invokeExact(out),
            "dnnl_primitive_attr_destroy",
            h -> (int) Calls.ATTR_DESTROY.invokeExact(h));
    call(
        "dnnl_primitive_attr_set_scratchpad_mode",
        () ->
            (int)
                Calls.ATTR_SET_SCRATCHPAD_MODE.invokeExact(
                    attributes, OneDnnApi.SCRATCHPAD_MODE_USER));
    if (shape.epilogue() != MatmulEpilogue.NONE) {
      long postOps =
          create(
              "dnnl_post_ops_create",
              out -> (int) Calls.POST_OPS_CREATE.invokeExact(out),
              "dnnl_post_ops_destroy",
              h -> (int) Calls.POST_OPS_DESTROY.invokeExact(h));
      appendPostOps(postOps);
      call(
          "dnnl_primitive_attr_set_post_ops",
          () -> (int) Calls.ATTR_SET_POST_OPS.invokeExact(attributes, postOps));
    }
    return attributes;
  }

  private void appendPostOps(long postOps) {
    MatmulEpilogue epilogue = shape.epilogue();
    if (epilogue.eltwise != 0) {
      call(
          "dnnl_post_ops_append_eltwise",
          () -> (int) Calls.POST_OPS_APPEND_ELTWISE.invokeExact(postOps, epilogue.eltwise, 0f, 0f));
    }
  }

  private long matrix(int type, long rows, long columns, boolean transposed, long leading) {
    MemorySegment sizes = arena.allocateFrom(JAVA_LONG, rows, columns);
    MemorySegment strides =
        transposed
            ? arena.allocateFrom(JAVA_LONG, 1, leading)
            : arena.allocateFrom(JAVA_LONG, leading, 1);
    return create(
        "dnnl_memory_desc_create_with_strides",
        out -> (int) Calls.DESC_CREATE.invokeExact(out, 2, sizes, type, strides),
        "dnnl_memory_desc_destroy",
        h -> (int) Calls.DESC_DESTROY.invokeExact(h));
  }

  private long memory(long desc) {
    return create(
        "dnnl_memory_create",
        out -> (int) Calls.MEMORY_CREATE.invokeExact(out, desc, oneDnn.engine(), 0L),
        "dnnl_memory_destroy",
        h -> (int) Calls.MEMORY_DESTROY.invokeExact(h));
  }

  private long scratchDesc() {
    try {
      return (long)
          Calls.PRIMITIVE_DESC_QUERY_MD.invokeExact(
              primitiveDesc, OneDnnApi.QUERY_SCRATCHPAD_MD, 0);
    } catch (Throwable t) {
      throw OneDnnApi.rethrow(t);
    }
  }

  private String queryImplementation() {
    MemorySegment out = arena.allocate(ADDRESS);
    call(
        "dnnl_primitive_desc_query",
        () ->
            (int)
                Calls.PRIMITIVE_DESC_QUERY.invokeExact(
                    primitiveDesc, OneDnnApi.QUERY_IMPL_INFO_STR, 0, out));
    return out.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** Destroys what a handle stands for. */
  private interface Destruction {
    int call(long handle) throws Throwable;
  }

  private long create(
      String name, OneDnn.Creation creation, String destroyer, Destruction destruction) {
    long handle = OneDnn.create(name, shape, creation);
    cleanup.push(() -> OneDnn.call(destroyer, shape, () -> destruction.call(handle)));
    return handle;
  }

  private void call(String name, OneDnn.Action action) {
    OneDnn.call(name, shape, action);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this product is closed: " + shape);
    }
  }

  /** Frees the native objects; no thread may be running it. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      free();
    }
  }

  private void free() {
    for (Runnable step = cleanup.poll(); step != null; step = cleanup.poll()) {
      step.run();
    }
    arena.close();
  }
}

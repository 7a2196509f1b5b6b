package dev.feedlight.device.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.feedlight.device.cpu.OneDnnApi.Calls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * One user of oneDNN: an engine of its own, one stream and one scratchpad per thread number. The
 * library is shared by the process; two instances do not touch each other.
 *
 * <p>Everything runs single-threaded in the calling thread: each call first sets that thread's
 * OpenMP limit to 1 (which stays so afterwards), so libgomp never starts a team. A thread number
 * may be used by one thread at a time.
 */
final class OneDnn implements AutoCloseable {
  private static final long SCRATCH_ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final long engine;
  private final long[] streams;
  private final Scratch[] scratch;
  private boolean closed;

  /** A thread's scratchpad; grows when a primitive is created, never while one runs. */
  private static final class Scratch {
    volatile long address;
    long bytes;
  }

  private OneDnn(int threads) {
    this.streams = new long[threads];
    this.scratch = new Scratch[threads];
    this.engine =
        create(
            "dnnl_engine_create",
            "cpu",
            out -> (int) Calls.ENGINE_CREATE.invokeExact(out, OneDnnApi.ENGINE_CPU, 0L));
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
      streams[i] =
          create(
              "dnnl_stream_create",
              "thread " + i,
              out -> (int) Calls.STREAM_CREATE.invokeExact(out, engine, OneDnnApi.STREAM_IN_ORDER));
    }
  }

  /**
   * @param threads thread numbers 0 .. threads - 1 will be used
   * @throws OneDnnException if the library cannot be loaded here; the message says what would help
   */
  static OneDnn open(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    OneDnnApi.load();
    return new OneDnn(threads);
  }

  int threads() {
    return streams.length;
  }

  /** Version of the library, for example {@code 3.13.0}. */
  String version() {
    try {
      MemorySegment version = ((MemorySegment) Calls.VERSION.invokeExact()).reinterpret(12);
      return version.getAtIndex(JAVA_INT, 0)
          + "."
          + version.getAtIndex(JAVA_INT, 1)
          + "."
          + version.getAtIndex(JAVA_INT, 2);
    } catch (Throwable t) {
      throw OneDnnApi.rethrow(t);
    }
  }

  /**
   * Instruction set that is used: the processor's, or less when {@code ONEDNN_MAX_CPU_ISA} says so.
   * Results may differ in the last bits from one to another.
   */
  String isa() {
    int isa = isaBits();
    return switch (isa) { // dnnl_cpu_isa_t of dnnl_types.h
      case 0x1 -> "sse41";
      case 0x3 -> "avx";
      case 0x7 -> "avx2";
      case 0xf -> "avx2_vnni";
      case 0x1f -> "avx2_vnni_2";
      case 0x27 -> "avx512_core";
      case 0x67 -> "avx512_core_vnni";
      case 0xe7 -> "avx512_core_bf16";
      case 0x1ef -> "avx512_core_fp16";
      case 0xfef -> "avx512_core_amx";
      case 0x1fef -> "avx512_core_amx_fp16";
      case 0x201ff -> "avx10_2";
      case 0x22fff -> "avx10_2_amx_2";
      default -> String.format(Locale.ROOT, "isa 0x%x", isa);
    };
  }

  /** Whether products of bytes are exact for all values, as VNNI and AMX make them. */
  boolean exactBytes() {
    int isa = isaBits();
    int avx2Vnni = 0x8; // bits of dnnl_types.h
    int avx512Vnni = 0x40;
    return (isa & (avx2Vnni | avx512Vnni)) != 0;
  }

  /** Whether vectors of 512 bits are used. */
  boolean avx512() {
    int avx512Core = 0x20; // bit of dnnl_types.h
    return (isaBits() & avx512Core) != 0;
  }

  /** Whether the processor multiplies bf16; where not, oneDNN may do it by fp32 instructions. */
  boolean nativeBf16() {
    int isa = isaBits();
    int avx2Vnni2 = 0x10; // bits of dnnl_types.h
    int avx512Bf16 = 0x80;
    return (isa & (avx2Vnni2 | avx512Bf16)) != 0;
  }

  /**
   * Compiles a product of bf16 operands, to see whether there is code for them.
   *
   * @throws OneDnnException if there is none; the message says what would help
   */
  void requireBf16() {
    long side = 64;
    MatmulShape shape =
        new MatmulShape(
            MatmulTypes.BF16BF16F32,
            side,
            side,
            side,
            false,
            true,
            side,
            side,
            side,
            false,
            MatmulEpilogue.NONE);
    try (Matmul probe = new Matmul(this, shape)) {
      probe.prepare(0);
    } catch (OneDnnException e) {
      throw new OneDnnException(
          String.format(
              Locale.ROOT,
              "precision bf16 needs AVX-512: oneDNN %s has no bf16 products for %s; open the"
                  + " device with precision fp32",
              version(),
              isa()),
          e);
    }
  }

  private static int isaBits() {
    try {
      return (int) Calls.EFFECTIVE_ISA.invokeExact();
    } catch (Throwable t) {
      throw OneDnnApi.rethrow(t);
    }
  }

  /**
   * {@code C[m,n] = alpha op(A)[m,k] op(B)[k,n] + beta C} in fp32 by {@code dnnl_sgemm}, row-major,
   * single-threaded in the calling thread. With beta = 0 the old C is not read.
   *
   * @param a address of the first float; likewise b and c
   * @param lda elements from one stored row of A to the next; likewise ldb and ldc
   */
  @SuppressWarnings("checkstyle:ParameterNumber")
  void sgemm(
      boolean transposeA,
      boolean transposeB,
      long m,
      long n,
      long k,
      float alpha,
      long a,
      long lda,
      long b,
      long ldb,
      float beta,
      long c,
      long ldc) {
    int status;
    try {
      singleThreaded();
      status =
          (int)
              Calls.SGEMM.invokeExact(
                  (byte) (transposeA ? 'T' : 'N'),
                  (byte) (transposeB ? 'T' : 'N'),
                  m,
                  n,
                  k,
                  alpha,
                  a,
                  lda,
                  b,
                  ldb,
                  beta,
                  c,
                  ldc);
    } catch (Throwable t) {
      throw OneDnnApi.rethrow(t);
    }
    if (status != 0) {
      throw OneDnnException.of(
          "dnnl_sgemm",
          status,
          String.format(
              Locale.ROOT, "m=%d n=%d k=%d lda=%d ldb=%d ldc=%d", m, n, k, lda, ldb, ldc));
    }
  }

  /** Keeps libgomp from starting a team for what this thread calls next. */
  static void singleThreaded() throws Throwable {
    if ((int) Calls.OMP_GET_MAX_THREADS.invokeExact() != 1) {
      Calls.OMP_SET_NUM_THREADS.invokeExact(1);
    }
  }

  long engine() {
    requireOpen();
    return engine;
  }

  long stream(int thread) {
    return streams[thread];
  }

  long scratchAddress(int thread) {
    return scratch[thread].address;
  }

  /**
   * Makes a thread's scratchpad at least so large. What it had stays valid until close, because a
   * primitive may be running in it; doubling bounds the waste by the final size.
   */
  synchronized void reserveScratch(int thread, long bytes) {
    requireOpen();
    Scratch pad = scratch[thread];
    if (bytes > pad.bytes) {
      long size = Math.max(bytes, 2 * pad.bytes);
      pad.address = arena.allocate(size, SCRATCH_ALIGNMENT).address();
      pad.bytes = size;
    }
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this oneDNN engine is closed");
    }
  }

  /**
   * Destroys engine, streams and scratchpads; every {@link Matmul} must have been closed before.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (long stream : streams) {
      destroy("dnnl_stream_destroy", () -> (int) Calls.STREAM_DESTROY.invokeExact(stream));
    }
    destroy("dnnl_engine_destroy", () -> (int) Calls.ENGINE_DESTROY.invokeExact(engine));
    arena.close();
  }

  /** A call that stores the handle of what it creates. */
  interface Creation {
    int call(MemorySegment out) throws Throwable;
  }

  /** A call that returns only a status. */
  interface Action {
    int call() throws Throwable;
  }

  static long create(String name, Object subject, Creation creation) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(JAVA_LONG);
      int status;
      try {
        status = creation.call(out);
      } catch (Throwable t) {
        throw OneDnnApi.rethrow(t);
      }
      OneDnnApi.check(name, status, subject);
      return out.get(JAVA_LONG, 0);
    }
  }

  static void destroy(String name, Action action) {
    call(name, "", action);
  }

  static void call(String name, Object subject, Action action) {
    int status;
    try {
      status = action.call();
    } catch (Throwable t) {
      throw OneDnnApi.rethrow(t);
    }
    OneDnnApi.check(name, status, subject);
  }
}

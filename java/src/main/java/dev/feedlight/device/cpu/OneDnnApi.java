package dev.feedlight.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The part of oneDNN's C API that is used, bound once per process. Handles are raw addresses
 * ({@code long}). Names and constants are those of oneDNN 3.13's headers.
 */
final class OneDnnApi {
  static final String ARTIFACT = "org.bytedeco:dnnl:3.13-1.5.14:linux-x86_64";
  private static final String FOLDER = "org/bytedeco/dnnl/linux-x86_64/";
  private static final List<String> FILES = List.of("libdnnl.so.3", "libgomp.so.1");

  static final int ENGINE_CPU = 1;
  static final int STREAM_IN_ORDER = 1;
  static final int SCRATCHPAD_MODE_USER = 1;
  static final int QUERY_IMPL_INFO_STR = 8;
  static final int QUERY_SCRATCHPAD_MD = 136;
  static final int ARG_SRC = 1;
  static final int ARG_DST = 17;
  static final int ARG_WEIGHTS = 33;
  static final int ARG_BIAS = 41;
  static final int ARG_SCRATCHPAD = 80;

  /** The outcome of loading, kept so that a second engine gets the same reason as the first. */
  private record Loaded(SymbolLookup lookup, DeviceException failure) {
    static Loaded attempt() {
      try {
        return new Loaded(load(), null);
      } catch (DeviceException e) {
        return new Loaded(null, e);
      }
    }

    private static SymbolLookup load() {
      String os = System.getProperty("os.name", "");
      String arch = System.getProperty("os.arch", "");
      if (!os.equals("Linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
        throw new OneDnnException(
            String.format(
                Locale.ROOT,
                "the CPU device needs Linux on x86-64 (%s); this is %s on %s",
                ARTIFACT,
                os,
                arch));
      }
      ClassLoader loader = OneDnnApi.class.getClassLoader();
      Path library = NativeLibrary.stage(loader, FOLDER, FILES, ARTIFACT);
      try {
        return SymbolLookup.libraryLookup(library, Arena.global());
      } catch (IllegalArgumentException e) {
        throw new OneDnnException(
            "cannot load "
                + library
                + ": it needs glibc and libstdc++, and a file system mounted without noexec (choose"
                + " another by -D"
                + NativeLibrary.DIRECTORY_PROPERTY
                + "=DIR)",
            e);
      }
    }
  }

  private static final class Holder {
    static final Loaded LOADED = Loaded.attempt();

    private Holder() {}
  }

  /** Nested, so that its handles are bound only after the library was loaded. */
  static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();

    static final MethodHandle VERSION = bind("dnnl_version", ADDRESS);
    static final MethodHandle EFFECTIVE_ISA = bind("dnnl_get_effective_cpu_isa", JAVA_INT);
    static final MethodHandle ENGINE_CREATE =
        bind("dnnl_engine_create", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
    static final MethodHandle ENGINE_DESTROY = bind("dnnl_engine_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle STREAM_CREATE =
        bind("dnnl_stream_create", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle STREAM_DESTROY = bind("dnnl_stream_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle DESC_CREATE =
        bind(
            "dnnl_memory_desc_create_with_strides",
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            ADDRESS);
    static final MethodHandle DESC_DESTROY = bind("dnnl_memory_desc_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle DESC_SIZE = bind("dnnl_memory_desc_get_size", JAVA_LONG, JAVA_LONG);
    static final MethodHandle MEMORY_CREATE =
        bind("dnnl_memory_create", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle MEMORY_DESTROY = bind("dnnl_memory_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle ATTR_CREATE = bind("dnnl_primitive_attr_create", JAVA_INT, ADDRESS);
    static final MethodHandle ATTR_DESTROY =
        bind("dnnl_primitive_attr_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle ATTR_SET_SCRATCHPAD_MODE =
        bind("dnnl_primitive_attr_set_scratchpad_mode", JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle ATTR_SET_POST_OPS =
        bind("dnnl_primitive_attr_set_post_ops", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle POST_OPS_CREATE = bind("dnnl_post_ops_create", JAVA_INT, ADDRESS);
    static final MethodHandle POST_OPS_DESTROY = bind("dnnl_post_ops_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle POST_OPS_APPEND_ELTWISE =
        bind("dnnl_post_ops_append_eltwise", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT);
    static final MethodHandle MATMUL_DESC_CREATE =
        bind(
            "dnnl_matmul_primitive_desc_create",
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG);
    static final MethodHandle PRIMITIVE_DESC_DESTROY =
        bind("dnnl_primitive_desc_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle PRIMITIVE_DESC_QUERY =
        bind("dnnl_primitive_desc_query", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle PRIMITIVE_DESC_QUERY_MD =
        bind("dnnl_primitive_desc_query_md", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
    static final MethodHandle PRIMITIVE_CREATE =
        bind("dnnl_primitive_create", JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle PRIMITIVE_DESTROY =
        bind("dnnl_primitive_destroy", JAVA_INT, JAVA_LONG);
    static final MethodHandle PRIMITIVE_EXECUTE =
        bind("dnnl_primitive_execute", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    static final MethodHandle SGEMM =
        bind(
            "dnnl_sgemm",
            JAVA_INT,
            ValueLayout.JAVA_BYTE,
            ValueLayout.JAVA_BYTE,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG);

    // a few nanoseconds of work each: the transition to native state would cost more than the call
    static final MethodHandle MEMORY_SET_HANDLE =
        bindShort("dnnl_memory_set_data_handle", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle OMP_GET_MAX_THREADS = bindShort("omp_get_max_threads", JAVA_INT);
    static final MethodHandle OMP_SET_NUM_THREADS =
        bindShort("omp_set_num_threads", null, JAVA_INT);

    private Calls() {}

    private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... arguments) {
      return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle bindShort(
        String name, MemoryLayout result, MemoryLayout... arguments) {
      FunctionDescriptor type =
          result == null
              ? FunctionDescriptor.ofVoid(arguments)
              : FunctionDescriptor.of(result, arguments);
      return LINKER.downcallHandle(symbol(name), type, Linker.Option.critical(false));
    }

    /** Also finds libgomp's functions: dlsym on a library searches what that library needs. */
    private static MemorySegment symbol(String name) {
      return Holder.LOADED
          .lookup()
          .find(name)
          .orElseThrow(() -> new OneDnnException("libdnnl.so.3 has no symbol " + name));
    }
  }

  private OneDnnApi() {}

  /**
   * Loads the library if this process has not yet.
   *
   * @throws OneDnnException if it cannot be loaded, each time with the same reason
   */
  static void load() {
    DeviceException failure = Holder.LOADED.failure();
    if (failure != null) {
      throw new OneDnnException(failure.getMessage(), failure);
    }
  }

  /** Turns what a downcall throws (never checked exceptions in practice) into an unchecked one. */
  static RuntimeException rethrow(Throwable t) {
    if (t instanceof RuntimeException e) {
      throw e;
    }
    if (t instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(t);
  }

  static void check(String call, int status, Object subject) {
    if (status != 0) {
      throw OneDnnException.of(call, status, subject);
    }
  }
}

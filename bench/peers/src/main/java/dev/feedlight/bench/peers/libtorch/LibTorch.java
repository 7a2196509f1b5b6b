package dev.feedlight.bench.peers.libtorch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** libtorch in this process, and OpenBLAS behind it, whose threads libtorch does not set. */
final class LibTorch {
  private final MethodHandle setThreads;
  private final MethodHandle getThreads;
  private final MethodHandle getConfig;

  /** Loads both; unpacked by JavaCPP at the first time. */
  LibTorch() {
    Loader.load(torch.class);
    torch.set_num_interop_threads(1);
    setThreads =
        openBlas("openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    getThreads = openBlas("openblas_get_num_threads", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    getConfig = openBlas("openblas_get_config", FunctionDescriptor.of(ValueLayout.ADDRESS));
  }

  /** A function of the OpenBLAS that JavaCPP has loaded for libtorch, not of another copy. */
  private static MethodHandle openBlas(String name, FunctionDescriptor type) {
    MemorySegment function =
        SymbolLookup.loaderLookup()
            .find(name)
            .orElseThrow(
                () -> new IllegalStateException("the OpenBLAS behind libtorch has no " + name));
    return Linker.nativeLinker().downcallHandle(function, type);
  }

  /**
   * Sets the threads of what the calling thread runs from now on.
   *
   * @throws IllegalStateException if libtorch or OpenBLAS does not take the number
   */
  void use(Threads threads) {
    torch.set_num_threads(threads.openMp());
    int openBlas = call(threads.openBlas());
    if (torch.get_num_threads() != threads.openMp() || openBlas != threads.openBlas()) {
      throw new IllegalStateException(
          "asked for "
              + threads.label()
              + ", got openmp="
              + torch.get_num_threads()
              + " openblas="
              + openBlas);
    }
  }

  private int call(int threads) {
    try {
      setThreads.invokeExact(threads);
      return (int) getThreads.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("OpenBLAS cannot be called", e);
    }
  }

  /** Versions and the processor that OpenBLAS takes this one for. */
  String description() {
    try {
      MemorySegment text = (MemorySegment) getConfig.invokeExact();
      return "libtorch "
          + Loader.getVersion("org.bytedeco", "pytorch")
          + "; "
          + text.reinterpret(Short.MAX_VALUE).getString(0).strip().replaceAll("\\s+", " ");
    } catch (Throwable e) {
      throw new IllegalStateException("OpenBLAS cannot be called", e);
    }
  }
}

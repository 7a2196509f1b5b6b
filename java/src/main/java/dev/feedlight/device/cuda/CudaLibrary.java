package dev.feedlight.device.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A library of the CUDA toolkit that is in the process now. None is needed for more than what it
 * does itself.
 *
 * @param kind which one
 * @param major of its version, the number at the end of its file's name
 * @param minor of its version
 * @param patch of its version
 */
record CudaLibrary(Kind kind, int major, int minor, int patch) {
  /** Libraries that Feedlight can use. */
  enum Kind {
    /** Random numbers. */
    CURAND("cuRAND", "curand", 10, 10),
    /** Matrix products. */
    CUBLAS("cuBLAS", "cublas", 12, 13);

    private final String title;
    private final String name;
    private final int oldest;
    private final int newest;

    Kind(String title, String name, int oldest, int newest) {
      this.title = title;
      this.name = name;
      this.oldest = oldest;
      this.newest = newest;
    }

    /** System property with the path of the library's file, for one that is not found by itself. */
    String property() {
      return "feedlight.cuda." + name;
    }

    /** Name by which the system's loader finds a version, for example {@code libcublas.so.12}. */
    String soname(int major) {
      return "lib" + name + ".so." + major;
    }

    private String sonames() {
      return IntStream.rangeClosed(oldest, newest)
          .mapToObj(this::soname)
          .collect(Collectors.joining(" or "));
    }

    /** As its vendor writes it. */
    @Override
    public String toString() {
      return title;
    }
  }

  /** Where the toolkit's installer puts libraries, and does not always tell the system's loader. */
  private static final String USUAL = "/usr/local/cuda";

  private static final List<String> FOLDERS = List.of("lib64", "targets/x86_64-linux/lib");

  /** Numbers of major, minor and patch in CUDA's enumeration of library properties. */
  private static final int PROPERTIES = 3;

  /**
   * Loads a library: from the path of its system property; else by its name, as the system's loader
   * finds it; else from the folders of the toolkit. The oldest version that is known comes first.
   *
   * @param kind which one
   * @return what is there
   * @throws CudaException if there is none; the message names the files looked for
   */
  static CudaLibrary load(Kind kind) {
    String place = System.getProperty(kind.property(), "");
    if (!place.isBlank()) {
      Path file = Path.of(place).toAbsolutePath();
      SymbolLookup symbols = open(file);
      if (symbols == null) {
        throw new CudaException(
            kind + " is not here: " + file + " cannot be loaded",
            "correct -D" + kind.property() + ", or leave it away");
      }
      return of(kind, file.toString(), symbols);
    }
    for (int major = kind.oldest; major <= kind.newest; major++) {
      String soname = kind.soname(major);
      SymbolLookup symbols = openByName(soname);
      if (symbols != null) {
        return of(kind, soname, symbols);
      }
    }
    throw new CudaException(
        kind + " is not here: no " + kind.sonames(),
        "install " + kind + " of the CUDA toolkit, or name its file by -D" + kind.property());
  }

  private static SymbolLookup openByName(String soname) {
    try {
      return SymbolLookup.libraryLookup(soname, Arena.global());
    } catch (IllegalArgumentException e) {
      return Stream.of(System.getenv("CUDA_HOME"), System.getenv("CUDA_PATH"), USUAL)
          .filter(home -> home != null && home.startsWith("/"))
          .flatMap(home -> FOLDERS.stream().map(folder -> Path.of(home, folder, soname)))
          .filter(Files::isRegularFile)
          .map(CudaLibrary::open)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
  }

  private static SymbolLookup open(Path file) {
    try {
      // cuBLAS needs the other half of itself, which its folder has and the loader may not know.
      Path half = file.resolveSibling(file.getFileName().toString().replace("cublas", "cublasLt"));
      if (!half.equals(file) && Files.isRegularFile(half)) {
        SymbolLookup.libraryLookup(half, Arena.global());
      }
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static CudaLibrary of(Kind kind, String place, SymbolLookup symbols) {
    int[] version = new int[PROPERTIES];
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle get =
          Linker.nativeLinker()
              .downcallHandle(
                  symbols.findOrThrow(kind.name + "GetProperty"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      for (int property = 0; property < PROPERTIES; property++) {
        int status = (int) get.invokeExact(property, value);
        if (status != 0) {
          throw new CudaException(place + " does not tell its version: status " + status, "");
        }
        version[property] = value.get(ValueLayout.JAVA_INT, 0);
      }
    } catch (NoSuchElementException e) {
      throw new CudaException(place + " is not " + kind + ": " + e.getMessage(), "", 0, e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling " + kind.name + "GetProperty of " + place, e);
    }
    if (version[0] < kind.oldest || version[0] > kind.newest) {
      throw new CudaException(
          place
              + " is "
              + kind
              + " "
              + Arrays.stream(version).mapToObj(String::valueOf).collect(Collectors.joining("."))
              + ", and only "
              + kind.sonames()
              + " can be used",
          "");
    }
    return new CudaLibrary(kind, version[0], version[1], version[2]);
  }

  /** For example {@code 12.6.4}. */
  String version() {
    return major + "." + minor + "." + patch;
  }

  /** Name and version. */
  @Override
  public String toString() {
    return kind + " " + version();
  }
}

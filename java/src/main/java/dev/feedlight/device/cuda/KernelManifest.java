package dev.feedlight.device.cuda;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the build says of the kernels' images, in the format of {@code sha256sum}, whose comments
 * carry the rest:
 *
 * <pre>
 * # code sm_80 sm_90a sm_100 compute_75
 * # cuda 13.0
 * e3b0c442...  fill.fatbin
 * </pre>
 *
 * @param code machine code ({@code sm_}) and PTX ({@code compute_}) in every image
 * @param cuda version of the compiler, for example {@code 13.0}
 * @param sums SHA-256 by file name
 */
record KernelManifest(List<String> code, String cuda, Map<String, String> sums) {
  /** Its file name. */
  static final String NAME = "manifest.sha256";

  private static final Pattern CODE = Pattern.compile("# code((?: (?:sm|compute)_\\d+[a-z]?)+)");
  private static final Pattern CUDA = Pattern.compile("# cuda (\\d+\\.\\d+)");
  private static final Pattern SUM = Pattern.compile("([0-9a-f]{64})  ([\\w.-]+\\.fatbin)");
  private static final Pattern ARCHITECTURE = Pattern.compile("(sm|compute)_(\\d+)([a-z]?)");

  /** Copies. */
  KernelManifest {
    code = List.copyOf(code);
    sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
  }

  /**
   * Reads it.
   *
   * @param text of the file
   * @param place where it lies, for messages
   * @throws CudaException for a line that it should not have, or one that it lacks
   */
  static KernelManifest parse(String text, String place) {
    List<String> code = List.of();
    String cuda = null;
    Map<String, String> sums = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      Matcher codes = CODE.matcher(line);
      Matcher version = CUDA.matcher(line);
      Matcher sum = SUM.matcher(line);
      if (codes.matches()) {
        code = List.of(codes.group(1).strip().split(" "));
      } else if (version.matches()) {
        cuda = version.group(1);
      } else if (!sum.matches() || sums.put(sum.group(2), sum.group(1)) != null) {
        throw unreadable(place, "cannot be understood at '" + line + "'");
      }
    }
    if (code.isEmpty() || cuda == null) {
      throw unreadable(place, "does not say what code there is and by which CUDA");
    }
    return new KernelManifest(code, cuda, sums);
  }

  private static CudaException unreadable(String place, String what) {
    return new CudaException(
        NAME + " of " + place + " " + what, "build the kernels again, or run with --device cpu");
  }

  /** Code of one architecture: 75 for {@code sm_75}, with what follows the digits. */
  private record Code(boolean ptx, int number, String suffix) {
    static Code of(String name) {
      Matcher matcher = ARCHITECTURE.matcher(name);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(name + " is no architecture");
      }
      return new Code(
          matcher.group(1).equals("compute"), Integer.parseInt(matcher.group(2)), matcher.group(3));
    }

    /**
     * Machine code runs on its generation from its number on, PTX on everything from there on; with
     * a suffix both are for that number alone.
     */
    boolean runsOn(int gpu) {
      if (!suffix.isEmpty()) {
        return number == gpu;
      }
      return number <= gpu && (ptx || number / 10 == gpu / 10);
    }
  }

  /**
   * What the driver will take for a GPU: of what runs there machine code before PTX, and of those
   * the newest.
   *
   * @param architecture of the GPU, for example {@code sm_86}
   * @return one of {@link #code()}; null if nothing runs there
   */
  String chosen(String architecture) {
    int gpu = Code.of(architecture).number();
    String best = null;
    for (String name : code) {
      Code one = Code.of(name);
      if (one.runsOn(gpu) && (best == null || better(one, Code.of(best)))) {
        best = name;
      }
    }
    return best;
  }

  private static boolean better(Code one, Code other) {
    if (one.ptx() != other.ptx()) {
      return !one.ptx();
    }
    return one.number() != other.number()
        ? one.number() > other.number()
        : one.suffix().compareTo(other.suffix()) > 0;
  }

  /**
   * What a GPU will run.
   *
   * @param gpu its name, for messages
   * @param architecture of it, for example {@code sm_86}
   * @param place where the images lie, for messages
   * @return one of {@link #code()}
   * @throws CudaException if nothing runs there
   */
  String require(String gpu, String architecture, String place) {
    String chosen = chosen(architecture);
    if (chosen == null) {
      throw new CudaException(
          "no kernels for "
              + gpu
              + ", "
              + architecture
              + ": those of "
              + place
              + " are for "
              + String.join(", ", code),
          "add the architecture in CMakeLists.txt and build again, or run with --device cpu");
    }
    return chosen;
  }
}

package dev.feedlight.device;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The machine a measurement was made on, as far as the Java runtime can see it.
 *
 * @param cpu model name, or the architecture where the system does not tell
 * @param processors logical processors this JVM may use
 * @param instructionSets the extensions that decide the speed of matrix products, as the kernel
 *     names them; empty where it does not tell
 * @param memoryBytes memory this JVM may see (a container's limit counts); 0 if unknown
 * @param os name, version and architecture of the operating system
 * @param jdk name and version of the Java runtime
 */
public record Machine(
    String cpu,
    int processors,
    List<String> instructionSets,
    long memoryBytes,
    String os,
    String jdk) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /** Flags of /proc/cpuinfo, x86 then Arm, that vector code and int8 or bf16 products live on. */
  private static final List<String> NOTEWORTHY =
      List.of(
          "avx",
          "avx2",
          "fma",
          "f16c",
          "avx_vnni",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "amx_tile",
          "amx_int8",
          "amx_bf16",
          "asimd",
          "asimddp",
          "i8mm",
          "bf16",
          "sve",
          "sve2",
          "sme");

  public Machine {
    instructionSets = List.copyOf(instructionSets);
  }

  /** Looks at the machine this JVM runs on. */
  public static Machine detect() {
    List<String> cpuinfo = cpuinfo();
    String architecture = System.getProperty("os.arch");
    return new Machine(
        cpuModel(cpuinfo, architecture),
        Runtime.getRuntime().availableProcessors(),
        instructionSets(cpuinfo),
        memory(),
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + architecture,
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
  }

  /** One line for people. */
  public String describe() {
    StringBuilder text = new StringBuilder(cpu).append(", ").append(processors);
    text.append(processors == 1 ? " processor" : " processors");
    if (memoryBytes > 0) {
      text.append(String.format(Locale.ROOT, ", %.1f GiB memory", memoryBytes / 0x1p30));
    }
    if (!instructionSets.isEmpty()) {
      text.append(", ").append(String.join(" ", instructionSets));
    }
    return text.append("; ").append(os).append("; ").append(jdk).toString();
  }

  static String cpuModel(List<String> cpuinfo, String architecture) {
    for (String key : List.of("model name", "Model", "cpu")) {
      for (String line : cpuinfo) {
        String value = valueOf(line, key);
        if (value != null && !value.isEmpty()) {
          return value.replaceAll("\\s+", " ");
        }
      }
    }
    return architecture;
  }

  static List<String> instructionSets(List<String> cpuinfo) {
    for (String line : cpuinfo) {
      String value = valueOf(line, "flags");
      if (value == null) {
        value = valueOf(line, "Features");
      }
      if (value != null) {
        List<String> flags = List.of(value.split("\\s+", -1));
        return NOTEWORTHY.stream().filter(flags::contains).toList();
      }
    }
    return List.of();
  }

  private static String valueOf(String line, String key) {
    int colon = line.indexOf(':');
    boolean matches = colon >= 0 && line.substring(0, colon).strip().equals(key);
    return matches ? line.substring(colon + 1).strip() : null;
  }

  private static List<String> cpuinfo() {
    try {
      return Files.isReadable(CPUINFO) ? Files.readAllLines(CPUINFO) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static long memory() {
    var bean = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return bean == null ? 0 : Math.max(0, bean.getTotalMemorySize());
  }
}

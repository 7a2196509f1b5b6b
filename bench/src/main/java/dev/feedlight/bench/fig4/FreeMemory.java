package dev.feedlight.bench.fig4;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory that a new process can have now. */
final class FreeMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB");

  private FreeMemory() {}

  /** Bytes; what the system can reclaim counts where it tells, the container's limit too. */
  static long bytes() {
    long limit = Long.MAX_VALUE;
    long free = Long.MAX_VALUE;
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      limit = system.getTotalMemorySize();
      free = system.getFreeMemorySize();
    }
    return Math.min(limit, available(free));
  }

  private static long available(long otherwise) {
    try {
      Matcher matcher = AVAILABLE.matcher(Files.readString(MEMINFO));
      return matcher.find() ? 1024 * Long.parseLong(matcher.group(1)) : otherwise;
    } catch (IOException e) {
      return otherwise;
    }
  }
}

package dev.feedlight.bench.peers.libtorch;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How much of the machine other processes use. Where they take a core, OpenBLAS's two threads wait
 * for each other and collapse, ours do not: ratios from a busy machine would flatter us.
 */
final class OtherLoad {
  /** Largest share of all processors that counts as quiet (ours). */
  static final double QUIET = 0.05;

  private static final Path STAT = Path.of("/proc/stat");

  private static final double TICK_NANOS = 1e7; // USER_HZ is 100 on x86-64

  private static final int IDLE = 3;
  private static final int STOLEN = 7; // what follows is part of the first two

  private double busyNanos;
  private double allNanos;
  private double ownNanos;

  /** Starts to look. */
  OtherLoad() throws IOException {
    share();
  }

  /**
   * Since the last call or the constructor.
   *
   * @return others' share of the time of all processors, 0 to 1; includes what a hypervisor took
   * @throws IOException if the kernel does not tell
   */
  double share() throws IOException {
    double busyBefore = busyNanos;
    double allBefore = allNanos;
    double ownBefore = ownNanos;
    long[] ticks =
        Arrays.stream(Files.readAllLines(STAT).getFirst().strip().split("\\s+"))
            .skip(1)
            .limit(STOLEN + 1L)
            .mapToLong(Long::parseLong)
            .toArray();
    long idle = ticks[IDLE] + ticks[IDLE + 1];
    allNanos = Arrays.stream(ticks).sum() * TICK_NANOS;
    busyNanos = allNanos - idle * TICK_NANOS;
    ownNanos = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    double others = busyNanos - busyBefore - (ownNanos - ownBefore);
    return Math.clamp(others / Math.max(TICK_NANOS, allNanos - allBefore), 0, 1);
  }
}

package dev.feedlight.bench.fig4;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/**
 * Runs the measured code on a small problem before JMH's own iterations, until the JVM has compiled
 * it. A cell whose steps are slow while their loops are interpreted would otherwise reach too few
 * calls within its warm-up, and be measured half compiled.
 */
final class WarmUp {
  /**
   * Width of the small problem: hundreds of calls in the time of one of the largest. No power of
   * two, so that the loops' remainders are compiled, too (ours).
   */
  static final int WIDTH = 72;

  /**
   * Width of the small network: large enough for the products of wide layers, which go another way,
   * at the presets' batch. No power of two either (ours).
   */
  static final int NETWORK_WIDTH = 203;

  /** Hidden blocks of the small network. */
  static final int DEPTH = 1;

  /** Longer than most single compilations, which are counted when they end (ours). */
  private static final int WINDOW_MILLIS = 300;

  /** Windows in a row in which the compilers did next to nothing. */
  private static final int IDLE_WINDOWS = 2;

  /** Share of a window below which the compilers count as idle (ours). */
  private static final double IDLE_SHARE = 0.03;

  private WarmUp() {}

  /** Something to run again and again, with what it holds. */
  interface Work extends AutoCloseable {
    /** Once. */
    void run();

    @Override
    void close();
  }

  /**
   * Makes the work, runs it until the compilers are idle, and frees it.
   *
   * @param mostMillis the end in any case, but for the run then under way; nothing is made at 0
   * @param maker of the small problem
   */
  static void run(int mostMillis, Supplier<Work> maker) {
    if (mostMillis <= 0) {
      return;
    }
    try (Work work = maker.get()) {
      long end = System.nanoTime() + mostMillis * 1_000_000L;
      int idle = 0;
      while (idle < IDLE_WINDOWS && System.nanoTime() < end) {
        idle = isIdleWindow(work, end) ? idle + 1 : 0;
      }
    }
  }

  private static boolean isIdleWindow(Work work, long end) {
    long before = compilationMillis();
    long start = System.nanoTime();
    long spent = 0;
    while (spent < WINDOW_MILLIS * 1_000_000L && System.nanoTime() < end) {
      work.run();
      spent = System.nanoTime() - start;
    }
    return (compilationMillis() - before) * 1e6 < IDLE_SHARE * spent;
  }

  /** Of all compiler threads so far; a JVM that does not tell is warmed up for the whole time. */
  private static long compilationMillis() {
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    return compilers == null || !compilers.isCompilationTimeMonitoringSupported()
        ? System.nanoTime() / 1_000_000
        : compilers.getTotalCompilationTime();
  }
}

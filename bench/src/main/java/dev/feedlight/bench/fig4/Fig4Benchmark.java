package dev.feedlight.bench.fig4;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the benchmarks of Fig. 4 have in common. The times suit a run by hand; {@code feedlight
 * bench} sets its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public abstract class Fig4Benchmark {
  /** Samples per step. */
  @Param("32")
  public int batch;

  /** As on the command line. */
  @Param("auto")
  public String device;

  /** Threads of the processor; 0: one per core. */
  @Param("0")
  public int threads;

  /**
   * Steps of a call, after which the host waits once. A device that works by itself is measured so;
   * by hand give JMH's {@code -opi} the same number.
   */
  @Param("1")
  public int replays;

  /** Decides weights, data, feedback and optics. */
  @Param("1")
  public long seed;

  /** At most so long a small problem is run before the first iteration; see {@link WarmUp}. */
  @Param("3000")
  public int warmUpMillis;
}

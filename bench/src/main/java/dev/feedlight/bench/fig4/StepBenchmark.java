package dev.feedlight.bench.fig4;

import dev.feedlight.learn.LearningRule;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One step of a network whose input, hidden blocks and output have one width. */
public abstract class StepBenchmark extends Fig4Benchmark {
  /** Width of input, hidden blocks and output. */
  @Param({"128", "256", "512", "1024"})
  public int width;

  /** Hidden blocks; there is one weight matrix more. */
  @Param({"1", "4", "16"})
  public int depth;

  private MlpStep step;

  abstract LearningRule learningRule();

  /** Warms up, then builds the network. */
  @Setup
  public void setUp() {
    WarmUp.run(warmUpMillis, () -> network(WarmUp.NETWORK_WIDTH, WarmUp.DEPTH));
    step = network(width, depth);
  }

  private MlpStep network(int width, int depth) {
    return new MlpStep(learningRule(), width, depth, batch, device, threads, seed);
  }

  /**
   * The step, {@link #replays} times.
   *
   * @return the loss of the last
   */
  @Benchmark
  public float step() {
    return step.runAndRead(replays);
  }

  /** Fails if values are no longer finite. */
  @TearDown(Level.Iteration)
  public void check() {
    step.requireFinite();
  }

  /** Frees the device. */
  @TearDown
  public void tearDown() {
    step.close();
  }
}

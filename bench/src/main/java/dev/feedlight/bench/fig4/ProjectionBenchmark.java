package dev.feedlight.bench.fig4;

import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.Projector;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The projection of a batch of errors alone, n x n: the digital product, or the emulated optics
 * from ternarization to read-out.
 */
public class ProjectionBenchmark extends Fig4Benchmark {
  /**
   * The matrix: a product in fp32, or optics whose entries are kept or made again. The entries of
   * curand are there on a GPU alone: without one JMH leaves it out, with the reason.
   */
  @Param({"digital", "procedural", "stored", "curand"})
  public String matrix;

  /** Inputs and outputs. */
  @Param({"1000", "3000"})
  public int size;

  private ProjectionCall projection;

  /** Warms up, then makes the matrix. */
  @Setup
  public void setUp() {
    WarmUp.run(warmUpMillis, () -> call(WarmUp.WIDTH));
    projection = call(size);
  }

  private ProjectionCall call(int size) {
    return new ProjectionCall(projector(), size, batch, device, threads, seed);
  }

  private Projector projector() {
    return switch (matrix) {
      case "digital" -> new RandomMatrix();
      case "procedural" -> optical(TransmissionMatrix.PROCEDURAL);
      case "stored" -> optical(TransmissionMatrix.STORED);
      case "curand" -> optical(TransmissionMatrix.CURAND);
      default ->
          throw new IllegalArgumentException(
              "matrix must be digital, procedural, stored or curand, not " + matrix);
    };
  }

  private static Projector optical(TransmissionMatrix kind) {
    return new OpticalProjector(OpuSettings.defaults().withMatrix(kind));
  }

  /**
   * The projection, {@link #replays} times.
   *
   * @return one number of the signal, which waits for the device
   */
  @Benchmark
  public float project() {
    return projection.runAndRead(replays);
  }

  /** Frees the device. */
  @TearDown
  public void tearDown() {
    projection.close();
  }
}

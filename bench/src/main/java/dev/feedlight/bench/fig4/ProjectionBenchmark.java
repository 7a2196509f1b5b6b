package dev.feedlight.bench.fig4;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.learn.OpticalProjector;
import dev.feedlight.learn.Projector;
import dev.feedlight.learn.RandomMatrix;
import dev.feedlight.opu.OpuSettings;
import dev.feedlight.opu.TransmissionMatrix;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The projection of a batch of errors alone, n x n: the digital product, or the emulated optics
 * from ternarization to read-out.
 */
public class ProjectionBenchmark extends Fig4Benchmark {
  /** The matrix: a product in fp32, or optics whose entries are kept or made again. */
  @Param({"digital", "procedural", "stored"})
  public String matrix;

  /** Inputs and outputs. */
  @Param({"1000", "3000"})
  public int size;

  private final float[] corner = new float[1];
  private DeviceChoice choice;
  private Scope scope;
  private StepControl control;
  private Tensor result;
  private Runnable projection;
  private long number;

  /** Makes the matrix. */
  @Setup
  public void setUp() {
    choice = DeviceChoice.open(device, threads);
    Device on = choice.device();
    scope = on.openScope("projection");
    control = new StepControl(on, scope);
    Tensor error = scope.allocate("error", new Shape(batch, size), DType.F32);
    on.eager().randomFill(error, Distribution.NORMAL, 1, seed);
    Projector.Projection bound = projector().bind(on, scope, error, size, control, seed);
    result = bound.signal().rowRange(0, 1).firstColumns(1);
    projection = on.prepare(Plan.record("projection", on.kernels(), bound::issue));
  }

  private Projector projector() {
    return switch (matrix) {
      case "digital" -> new RandomMatrix();
      case "procedural" -> optical(TransmissionMatrix.PROCEDURAL);
      case "stored" -> optical(TransmissionMatrix.STORED);
      default ->
          throw new IllegalArgumentException(
              "matrix must be digital, procedural or stored, not " + matrix);
    };
  }

  private static Projector optical(TransmissionMatrix kind) {
    return new OpticalProjector(OpuSettings.defaults().withMatrix(kind));
  }

  /**
   * The projection.
   *
   * @return one number of the signal, which waits for the device
   */
  @Benchmark
  public float project() {
    control.begin(Optimizer.sgd(), 0, number++, batch);
    projection.run();
    choice.device().read(result, corner);
    return corner[0];
  }

  /** Frees the device. */
  @TearDown
  public void tearDown() {
    scope.close();
    choice.close();
  }
}

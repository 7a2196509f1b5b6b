package dev.feedlight.bench.fig4;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.device.Device;
import dev.feedlight.device.Operation.RandomFill.Distribution;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.Plan;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StepControl;
import dev.feedlight.learn.Projector;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;

/** A planned projection of a batch of random errors to as many outputs as there are inputs. */
final class ProjectionCall implements WarmUp.Work {
  private final float[] corner = new float[1];
  private final DeviceChoice choice;
  private final Scope scope;
  private final StepControl control;
  private final Tensor result;
  private final Runnable projection;
  private final int batch;
  private long number;

  ProjectionCall(Projector projector, int size, int batch, String device, int threads, long seed) {
    this.choice = DeviceChoice.open(device, threads);
    this.batch = batch;
    Device on = choice.device();
    this.scope = on.openScope("projection");
    this.control = new StepControl(on, scope);
    Tensor error = scope.allocate("error", new Shape(batch, size), DType.F32);
    on.eager().randomFill(error, Distribution.NORMAL, 1, seed);
    Projector.Projection bound = projector.bind(on, scope, error, size, control, seed);
    this.result = bound.signal().rowRange(0, 1).firstColumns(1);
    this.projection = on.prepare(Plan.record("projection", on.kernels(), bound::issue));
  }

  /** Projects so often; returns one number of the signal, which waits for the device. */
  float runAndRead(int times) {
    for (int i = 0; i < times; i++) {
      control.begin(Optimizer.sgd(), 0, number++, batch);
      projection.run();
    }
    choice.device().read(result, corner);
    return corner[0];
  }

  @Override
  public void run() {
    runAndRead(1);
  }

  @Override
  public void close() {
    scope.close();
    choice.close();
  }
}

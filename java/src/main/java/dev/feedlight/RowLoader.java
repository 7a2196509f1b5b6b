package dev.feedlight;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.CheckedDataset;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.DatasetDigest;
import dev.feedlight.data.Task;
import dev.feedlight.device.Device;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.ShapeException;
import java.lang.foreign.MemorySegment;

/** Examples that are rows of numbers, with a label or values each. */
final class RowLoader implements BatchLoader {
  private final Device device;
  private final TrainingStep step;
  private final Loss loss;
  private final Dataset data;
  private final float[] inputs;
  private final float[] values;
  private final int[] labels;
  private final long[] indices;

  /** Checks that the examples fit the network; their values are checked as they are read. */
  RowLoader(Device device, TrainingStep step, Loss loss, Dataset data) {
    requireFit(step, loss, data);
    this.device = device;
    this.step = step;
    this.loss = loss;
    this.data = CheckedDataset.of(data);
    int targets = step.target().shape().arrayLength();
    this.inputs = new float[step.input().shape().arrayLength()];
    this.values = loss == Loss.MEAN_SQUARED_ERROR ? new float[targets] : null;
    this.labels = loss == Loss.SOFTMAX_CROSS_ENTROPY ? new int[targets] : null;
    this.indices = new long[Shape.vector(step.microBatch()).arrayLength()];
  }

  private static void requireFit(TrainingStep step, Loss loss, Dataset data) {
    Task expected = loss == Loss.SOFTMAX_CROSS_ENTROPY ? Task.CLASSIFICATION : Task.REGRESSION;
    if (data.task() != expected) {
      throw new IllegalArgumentException(
          loss + " needs data for " + expected + ", but " + data.name() + " is for " + data.task());
    }
    long inputs = step.input().columns();
    long outputs = step.output().columns();
    if (data.inputs() != inputs || data.outputs() != outputs) {
      throw new ShapeException(
          data.name()
              + " has "
              + data.inputs()
              + " inputs and "
              + data.outputs()
              + " outputs, the network "
              + inputs
              + " and "
              + outputs);
    }
  }

  @Override
  public String name() {
    return data.name();
  }

  @Override
  public long size() {
    return data.size();
  }

  @Override
  public String sha256() {
    return DatasetDigest.sha256(data);
  }

  @Override
  public void load(BatchOrder order, long position) {
    order.examples(position, indices);
    fillInputs(indices.length);
    device.write(step.input(), inputs);
    switch (loss) {
      case SOFTMAX_CROSS_ENTROPY -> {
        for (int i = 0; i < indices.length; i++) {
          labels[i] = data.label(indices[i]);
        }
        device.write(step.target(), labels);
      }
      case MEAN_SQUARED_ERROR -> {
        MemorySegment staged = MemorySegment.ofArray(values);
        long rowBytes = 4L * data.outputs();
        for (int i = 0; i < indices.length; i++) {
          data.target(indices[i], staged, i * rowBytes);
        }
        device.write(step.target(), values);
      }
    }
  }

  @Override
  public void loadInputs(long first, int examples) {
    for (int i = 0; i < examples; i++) {
      indices[i] = first + i;
    }
    fillInputs(examples);
    device.write(step.input(), inputs);
  }

  private void fillInputs(int rows) {
    MemorySegment staged = MemorySegment.ofArray(inputs);
    long rowBytes = 4L * data.inputs();
    for (int i = 0; i < rows; i++) {
      data.input(indices[i], staged, i * rowBytes);
    }
  }

  @Override
  public void score(Scorer scorer, long first, int examples, float[] outputs) {
    float[] target = new float[data.outputs()];
    for (int row = 0; row < examples; row++) {
      switch (loss) {
        case SOFTMAX_CROSS_ENTROPY -> scorer.classify(outputs, row, data.label(first + row));
        case MEAN_SQUARED_ERROR -> {
          data.target(first + row, MemorySegment.ofArray(target), 0);
          scorer.regress(outputs, row, target);
        }
      }
    }
  }
}

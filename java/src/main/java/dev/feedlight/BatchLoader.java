package dev.feedlight;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.Dataset;
import dev.feedlight.device.Device;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.Shape;
import java.lang.foreign.MemorySegment;

/** Copies examples from a data set into the tensors of a step. */
final class BatchLoader {
  private final Device device;
  private final TrainingStep step;
  private final Loss loss;
  private final float[] inputs;
  private final float[] values;
  private final int[] labels;
  private final long[] indices;

  BatchLoader(Device device, TrainingStep step, Loss loss) {
    this.device = device;
    this.step = step;
    this.loss = loss;
    int targets = step.target().shape().arrayLength();
    this.inputs = new float[step.input().shape().arrayLength()];
    this.values = loss == Loss.MEAN_SQUARED_ERROR ? new float[targets] : null;
    this.labels = loss == Loss.SOFTMAX_CROSS_ENTROPY ? new int[targets] : null;
    this.indices = new long[Shape.vector(step.microBatch()).arrayLength()];
  }

  /** Loads one micro-batch, inputs and targets. */
  void load(Dataset data, BatchOrder order, long position) {
    order.examples(position, indices);
    fillInputs(data, indices.length);
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

  /** Inputs of consecutive examples, padded to a whole micro-batch with what stood there before. */
  float[] gather(Dataset data, long first, int rows) {
    for (int i = 0; i < rows; i++) {
      indices[i] = first + i;
    }
    fillInputs(data, rows);
    return inputs;
  }

  private void fillInputs(Dataset data, int rows) {
    MemorySegment staged = MemorySegment.ofArray(inputs);
    long rowBytes = 4L * data.inputs();
    for (int i = 0; i < rows; i++) {
      data.input(indices[i], staged, i * rowBytes);
    }
  }
}

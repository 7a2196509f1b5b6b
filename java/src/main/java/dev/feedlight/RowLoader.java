package dev.feedlight;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.CheckedDataset;
import dev.feedlight.data.Dataset;
import dev.feedlight.data.DatasetDigest;
import dev.feedlight.data.Task;
import dev.feedlight.device.Device;
import dev.feedlight.learn.Loss;
import dev.feedlight.learn.Objective;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.nn.PatchGrid;
import dev.feedlight.tensor.ShapeException;
import java.lang.foreign.MemorySegment;

/** Examples that are rows of numbers or maps, with a label or values each. */
final class RowLoader implements BatchLoader {
  private final Device device;
  private final TrainingStep step;
  private final Objective objective;
  private final MapLayout layout;
  private final Dataset data;
  private final float[] inputs;
  private final float[] values;
  private final int[] labels;
  private final long[] indices;
  private final float[] input;
  private final float[] target;
  private final float[] predicted;
  private final float[] weights;

  /**
   * Checks that the examples fit the network; their values are checked as they are read.
   *
   * @param objective with weights in the order of the examples' targets
   */
  RowLoader(Device device, TrainingStep step, Objective objective, MapLayout layout, Dataset data) {
    requireFit(layout, objective.loss(), data);
    this.device = device;
    this.step = step;
    this.objective = objective;
    this.layout = layout;
    this.data = CheckedDataset.of(data);
    int targets = step.target().shape().arrayLength();
    boolean values = objective.loss() == Loss.MEAN_SQUARED_ERROR;
    this.inputs = new float[step.input().shape().arrayLength()];
    this.values = values ? new float[targets] : null;
    this.labels = values ? null : new int[targets];
    this.indices = new long[Math.toIntExact(step.microBatch() / layout.input().patches())];
    this.input = new float[data.inputs()];
    this.target = new float[data.outputs()];
    this.predicted = new float[data.outputs()];
    this.weights = objective.weights() == null ? null : objective.weights().values();
  }

  private static void requireFit(MapLayout layout, Loss loss, Dataset data) {
    Task expected = loss == Loss.SOFTMAX_CROSS_ENTROPY ? Task.CLASSIFICATION : Task.REGRESSION;
    if (data.task() != expected) {
      throw new IllegalArgumentException(
          loss + " needs data for " + expected + ", but " + data.name() + " is for " + data.task());
    }
    long inputs = layout.input().values();
    long outputs = layout.output().values();
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
    switch (objective.loss()) {
      case SOFTMAX_CROSS_ENTROPY -> {
        for (int i = 0; i < indices.length; i++) {
          labels[i] = data.label(indices[i]);
        }
        device.write(step.target(), labels);
      }
      case MEAN_SQUARED_ERROR -> {
        PatchGrid grid = layout.output();
        for (int i = 0; i < indices.length; i++) {
          data.target(indices[i], MemorySegment.ofArray(target), 0);
          grid.toPatches(target, 0, values, i * grid.values());
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

  /** Of examples that are one row each straight into place. */
  private void fillInputs(int examples) {
    PatchGrid grid = layout.input();
    MemorySegment staged = MemorySegment.ofArray(grid.patches() == 1 ? inputs : input);
    for (int i = 0; i < examples; i++) {
      if (grid.patches() == 1) {
        data.input(indices[i], staged, (long) i * grid.values() * Float.BYTES);
      } else {
        data.input(indices[i], staged, 0);
        grid.toPatches(input, 0, inputs, i * grid.values());
      }
    }
  }

  @Override
  public void score(Scorer scorer, long first, int examples, float[] outputs) {
    PatchGrid grid = layout.output();
    for (int i = 0; i < examples; i++) {
      switch (objective.loss()) {
        case SOFTMAX_CROSS_ENTROPY -> scorer.classify(outputs, i, data.label(first + i));
        case MEAN_SQUARED_ERROR -> {
          data.target(first + i, MemorySegment.ofArray(target), 0);
          grid.toMaps(outputs, i * grid.values(), predicted, 0);
          scorer.regress(predicted, target, weights);
        }
      }
    }
  }
}

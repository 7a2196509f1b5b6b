package dev.feedlight;

import dev.feedlight.data.DataException;
import dev.feedlight.device.Device;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;

/** The forward pass of a step over examples in any number, a micro-batch at a time. */
final class Inference {
  private final Device device;
  private final TrainingStep step;
  private final long rowsPerExample;
  private final MapLayout layout;

  /**
   * For a step.
   *
   * @param layout null where examples are windows of tokens
   */
  Inference(Device device, TrainingStep step, long rowsPerExample, MapLayout layout) {
    this.device = device;
    this.step = step;
    this.rowsPerExample = rowsPerExample;
    this.layout = layout;
  }

  Evaluation evaluate(BatchLoader examples) {
    Scorer scorer = new Scorer(step.output().columns());
    long perPass = step.microBatch() / rowsPerExample;
    for (long first = 0; first < examples.size(); first += perPass) {
      int count = (int) Math.min(perPass, examples.size() - first);
      examples.loadInputs(first, count);
      examples.score(scorer, first, count, outputs(count * rowsPerExample));
    }
    return scorer.result();
  }

  float[] predict(float[] inputs) {
    if (layout == null) {
      throw new ShapeException("this network takes tokens, not rows of floats");
    }
    int width = layout.input().values();
    if (inputs.length == 0 || inputs.length % width != 0) {
      throw new ShapeException(
          inputs.length + " values are not a whole number of samples of " + width + " inputs");
    }
    requireFinite(inputs, width);
    int samples = inputs.length / width;
    int outputs = layout.output().values();
    int batch = Math.toIntExact(step.microBatch() / rowsPerExample);
    float[] result = new float[Math.multiplyExact(samples, outputs)];
    float[] staged = new float[Math.multiplyExact(batch, width)];
    for (int first = 0; first < samples; first += batch) {
      int count = Math.min(batch, samples - first);
      for (int i = 0; i < count; i++) {
        layout.input().toPatches(inputs, (first + i) * width, staged, i * width);
      }
      device.write(step.input(), staged);
      float[] rows = outputs(count * rowsPerExample);
      for (int i = 0; i < count; i++) {
        layout.output().toMaps(rows, i * outputs, result, (first + i) * outputs);
      }
    }
    return result;
  }

  private static void requireFinite(float[] inputs, int width) {
    for (int i = 0; i < inputs.length; i++) {
      if (!Float.isFinite(inputs[i])) {
        throw new DataException(
            "sample " + i / width + " has " + inputs[i] + " at input feature " + i % width);
      }
    }
  }

  /** Of the first rows of what stands in the step's input. */
  private float[] outputs(long rows) {
    step.infer();
    Tensor outputs = step.output().rowRange(0, rows);
    float[] values = new float[outputs.shape().arrayLength()];
    device.read(outputs, values);
    return values;
  }
}

package dev.feedlight;

import dev.feedlight.data.DataException;
import dev.feedlight.device.Device;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.ShapeException;
import dev.feedlight.tensor.Tensor;

/** The forward pass of a step over examples in any number, a micro-batch at a time. */
final class Inference {
  private final Device device;
  private final TrainingStep step;
  private final long rowsPerExample;

  Inference(Device device, TrainingStep step, long rowsPerExample) {
    this.device = device;
    this.step = step;
    this.rowsPerExample = rowsPerExample;
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
    if (step.input().dtype() != DType.F32) {
      throw new ShapeException("this network takes tokens, not rows of floats");
    }
    int width = Math.toIntExact(step.input().columns());
    if (inputs.length == 0 || inputs.length % width != 0) {
      throw new ShapeException(
          inputs.length + " values are not a whole number of samples of " + width + " inputs");
    }
    requireFinite(inputs, width);
    int samples = inputs.length / width;
    int outputs = Math.toIntExact(step.output().columns());
    int batch = Math.toIntExact(step.microBatch());
    float[] result = new float[Math.multiplyExact(samples, outputs)];
    float[] staged = new float[Math.multiplyExact(batch, width)];
    for (int first = 0; first < samples; first += batch) {
      int rows = Math.min(batch, samples - first);
      System.arraycopy(inputs, first * width, staged, 0, rows * width);
      device.write(step.input(), staged);
      System.arraycopy(outputs(rows), 0, result, first * outputs, rows * outputs);
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

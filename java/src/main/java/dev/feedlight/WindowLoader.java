package dev.feedlight;

import dev.feedlight.data.BatchOrder;
import dev.feedlight.data.text.TokenWindows;
import dev.feedlight.device.Device;
import dev.feedlight.learn.TrainingStep;
import dev.feedlight.tensor.ShapeException;

/** Examples that are windows of a text: a row of the step is a token, its label the next one. */
final class WindowLoader implements BatchLoader {
  private final Device device;
  private final TrainingStep step;
  private final TokenWindows data;
  private final int[] tokens;
  private final int[] next;

  /**
   * Checks that the windows fit the network.
   *
   * @param context tokens of a sequence of the network
   */
  WindowLoader(Device device, TrainingStep step, TokenWindows data, long context) {
    long vocabulary = step.output().columns();
    if (data.context() != context || data.vocabulary() != vocabulary) {
      throw new ShapeException(
          data.name()
              + " has windows of "
              + data.context()
              + " tokens out of "
              + data.vocabulary()
              + ", the GPT takes "
              + context
              + " out of "
              + vocabulary);
    }
    this.device = device;
    this.step = step;
    this.data = data;
    this.tokens = new int[step.input().shape().arrayLength()];
    this.next = new int[tokens.length];
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
    return data.sha256();
  }

  @Override
  public void load(BatchOrder order, long position) {
    data.ordered(order, position, tokens, next);
    device.write(step.input(), tokens);
    device.write(step.target(), next);
  }

  @Override
  public void loadInputs(long first, int examples) {
    int[] inputs = new int[examples * data.context()];
    data.consecutive(first, inputs, new int[inputs.length]);
    System.arraycopy(inputs, 0, tokens, 0, inputs.length);
    device.write(step.input(), tokens);
  }

  @Override
  public void score(Scorer scorer, long first, int examples, float[] outputs) {
    int[] labels = new int[examples * data.context()];
    data.consecutive(first, new int[labels.length], labels);
    for (int row = 0; row < labels.length; row++) {
      scorer.classify(outputs, row, labels[row]);
    }
  }
}

package dev.feedlight.data;

import java.util.Locale;

/**
 * Examples to learn from, and examples to measure on.
 *
 * @param training what the network learns from
 * @param test what it is measured on and never learns from
 */
public record Split(Dataset training, Dataset test) {
  /**
   * Checks that one network fits both.
   *
   * @throws DataException if task, input width or output width differ
   */
  public Split {
    if (training.task() != test.task()
        || training.inputs() != test.inputs()
        || training.outputs() != test.outputs()) {
      throw new DataException(
          "training and test examples do not fit one network: "
              + describe(training)
              + " against "
              + describe(test));
    }
  }

  /**
   * Keeps training examples back, to choose settings by: what is chosen by the test examples is no
   * longer measured by them. Examples at even distances are taken, so that every class is among
   * them.
   *
   * @param examples how many, at least 1 and at most half of the training examples
   * @return the other training examples, and in place of the test those kept back
   * @throws DataException if there are too few
   */
  public Split holdBack(long examples) {
    long all = training.size();
    if (examples < 1 || examples > all / 2) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "cannot hold back %d of the %d examples of %s: 1 to %d can be",
              examples,
              all,
              training.name(),
              all / 2));
    }
    long stride = all / examples;
    // Of each whole stride the last example is kept back, as long as they are wanted.
    long strided = examples * (stride - 1);
    return new Split(
        new DatasetView(
            training,
            training.name() + " less " + examples,
            all - examples,
            i -> i < strided ? i + i / (stride - 1) : i + examples),
        new DatasetView(
            training, training.name() + ", held back", examples, i -> i * stride + stride - 1));
  }

  private static String describe(Dataset data) {
    return String.format(
        Locale.ROOT,
        "%s (%s, %d inputs, %d outputs)",
        data.name(),
        data.task(),
        data.inputs(),
        data.outputs());
  }
}

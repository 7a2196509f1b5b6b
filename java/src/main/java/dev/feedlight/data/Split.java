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

package dev.feedlight.data;

/**
 * What a network is trained on and measured with: a number of examples that can be asked for in any
 * order. A {@link Dataset} gives rows of numbers, {@link dev.feedlight.data.text.TokenWindows}
 * windows of a text; an engine takes the kind that its network is for.
 */
public interface Examples {
  /**
   * The name that messages and reports use.
   *
   * @return for example {@code Fashion-MNIST subset, training}
   */
  String name();

  /**
   * The number of examples.
   *
   * @return at least 1
   */
  long size();
}

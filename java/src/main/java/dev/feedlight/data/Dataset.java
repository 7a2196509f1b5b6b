package dev.feedlight.data;

import java.lang.foreign.MemorySegment;

/**
 * Examples that can be read in any order. Implementations give the same values for the same index
 * every time and may be read by several threads at once.
 *
 * <p>Every method that takes an index throws {@link IndexOutOfBoundsException} outside {@code [0,
 * size())}, and every method that writes does so where the destination is too short.
 */
public interface Dataset extends Examples {
  /**
   * The width of an input.
   *
   * @return floats per input, at least 1
   */
  int inputs();

  /**
   * The width of an output.
   *
   * @return the number of classes, or of floats per target, at least 1
   */
  int outputs();

  /**
   * What the examples ask for.
   *
   * @return which of {@link #label} and {@link #target} may be called
   */
  Task task();

  /**
   * Writes the input of one example as {@link #inputs()} floats in native byte order.
   *
   * @param index the example
   * @param dst where to write; any alignment
   * @param byteOffset where in {@code dst} the first float goes
   */
  void input(long index, MemorySegment dst, long byteOffset);

  /**
   * The class of one example.
   *
   * @param index the example
   * @return a class in {@code [0, outputs())}
   * @throws IllegalStateException if the task is regression
   */
  int label(long index);

  /**
   * Writes the target of one example as {@link #outputs()} floats in native byte order.
   *
   * @param index the example
   * @param dst where to write; any alignment
   * @param byteOffset where in {@code dst} the first float goes
   * @throws IllegalStateException if the task is classification
   */
  void target(long index, MemorySegment dst, long byteOffset);
}

package dev.feedlight.io;

import java.io.IOException;

/**
 * Writes the tensors that were announced, in that order, each in pieces of any size, so that none
 * need be in the heap as a whole.
 */
public sealed interface TensorWriter permits SafetensorsWriter, NpzWriter {
  /**
   * Writes the next elements of an F32 tensor.
   *
   * @param name the tensor that is due, as a check
   * @param values holds the elements, row-major
   * @param from the first of them
   * @param count how many
   * @throws IllegalStateException if another tensor is due, or this one has fewer elements left
   * @throws IOException if it cannot be written
   */
  void write(String name, float[] values, int from, int count) throws IOException;

  /**
   * Writes the next elements of an I32 tensor.
   *
   * @param name the tensor that is due, as a check
   * @param values holds the elements, row-major
   * @param from the first of them
   * @param count how many
   * @throws IllegalStateException if another tensor is due, or this one has fewer elements left
   * @throws IOException if it cannot be written
   */
  void write(String name, int[] values, int from, int count) throws IOException;

  /**
   * Writes the next elements of an I8, U8 or BOOL tensor.
   *
   * @param name the tensor that is due, as a check
   * @param values holds the elements, row-major
   * @param from the first of them
   * @param count how many
   * @throws IllegalStateException if another tensor is due, or this one has fewer elements left
   * @throws IOException if it cannot be written
   */
  void write(String name, byte[] values, int from, int count) throws IOException;

  /**
   * Writes what comes after the elements.
   *
   * @throws IllegalStateException if elements are missing
   * @throws IOException if it cannot be written
   */
  void finish() throws IOException;
}

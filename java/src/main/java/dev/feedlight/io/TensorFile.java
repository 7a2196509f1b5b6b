package dev.feedlight.io;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * An open file of named tensors, checked when it was opened. Floats are read as they are (F32),
 * exactly (F16, BF16) or rounded to the nearest float (F64; beyond the largest: infinity).
 */
public sealed interface TensorFile extends Closeable permits SafetensorsFile, NpyFile, NpzFile {
  /**
   * All tensors.
   *
   * @return in the order of their bytes; names differ
   */
  List<TensorInfo> tensors();

  /**
   * One tensor.
   *
   * @param name its name
   * @return what the file says of it
   * @throws FormatException if there is none of this name
   */
  TensorInfo tensor(String name);

  /**
   * Reads a tensor of F32, F64, F16 or BF16, row-major.
   *
   * @param name its name
   * @param target as long as the tensor has elements; undefined after an exception
   * @throws FormatException if there is no such tensor, it holds other types, or its bytes are
   *     damaged
   * @throws IndexOutOfBoundsException if the target has another length
   * @throws IOException if the file cannot be read
   */
  void read(String name, float[] target) throws IOException;

  /**
   * Reads a tensor of I8, U8, I16, U16, I32 or I64, row-major.
   *
   * @param name its name
   * @param target as long as the tensor has elements; undefined after an exception
   * @throws FormatException if there is no such tensor, it holds other types or an integer beyond
   *     32 bits, or its bytes are damaged
   * @throws IndexOutOfBoundsException if the target has another length
   * @throws IOException if the file cannot be read
   */
  void read(String name, int[] target) throws IOException;

  /**
   * Reads a tensor of I8, U8 or BOOL, row-major, bit by bit.
   *
   * @param name its name
   * @param target as long as the tensor has elements; undefined after an exception
   * @throws FormatException if there is no such tensor, it holds other types, or its bytes are
   *     damaged
   * @throws IndexOutOfBoundsException if the target has another length
   * @throws IOException if the file cannot be read
   */
  void read(String name, byte[] target) throws IOException;
}

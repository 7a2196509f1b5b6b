package dev.feedlight.device.reference;

import dev.feedlight.device.Transmission;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Tensor;

/**
 * One row of the transmission matrix: the entries that lead to one camera pixel.
 *
 * @param real u, one byte per input
 * @param imaginary v, one byte per input
 */
@SuppressWarnings("ArrayRecordComponent")
public record SpeckleRow(byte[] real, byte[] imaginary) {
  /**
   * Makes a row by the definition of {@link TransmissionBytes}.
   *
   * @param key Philox key
   * @param row pixel number
   * @param inputs number of entries
   * @return the row
   */
  public static SpeckleRow generate(long key, long row, int inputs) {
    byte[] table = TransmissionBytes.table();
    byte[] real = new byte[inputs];
    byte[] imaginary = new byte[inputs];
    int[] words = new int[4];
    for (int column = 0; column < inputs; column++) {
      int inBlock = column % TransmissionBytes.ENTRIES_PER_BLOCK;
      if (inBlock == 0) {
        int block = column / TransmissionBytes.ENTRIES_PER_BLOCK;
        Philox.block(key, block, (int) row, 0, 0, words);
      }
      int shift = 8 * (inBlock % 4);
      real[column] = table[words[inBlock / 4] >>> shift & 0xFF];
      imaginary[column] = table[words[2 + inBlock / 4] >>> shift & 0xFF];
    }
    return new SpeckleRow(real, imaginary);
  }

  /** Row i of a matrix of bytes, which belongs to the pixel of that number. */
  static SpeckleRow of(Transmission transmission, long i, long pixel) {
    return switch (transmission) {
      case Transmission.Procedural(long key, long _, long inputs) ->
          generate(key, pixel, Math.toIntExact(inputs));
      case Transmission.Stored(Tensor entries) -> {
        Cells cells = new Cells(entries);
        yield new SpeckleRow(bytes(cells, i), bytes(cells, transmission.outputs() + i));
      }
      case Transmission.Structured _, Transmission.Drifting _ ->
          throw new IllegalArgumentException(transmission + " has no rows of bytes");
    };
  }

  private static byte[] bytes(Cells cells, long row) {
    byte[] bytes = new byte[Math.toIntExact(cells.columns())];
    for (int column = 0; column < bytes.length; column++) {
      bytes[column] = (byte) cells.integer(row, column);
    }
    return bytes;
  }
}

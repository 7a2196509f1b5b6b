package dev.feedlight.device.cuda;

import java.util.HexFormat;
import java.util.function.LongFunction;

/**
 * What several pieces of one launch are described by: a table of structs in device memory, each of
 * which knows the first of its tiles.
 */
final class LaunchTable {
  private final Arguments rows = new Arguments();
  private final int wordsMultiple;
  private long tiles;

  /**
   * An empty table.
   *
   * @param wordsMultiple of eight bytes each: what a struct's size is a multiple of
   */
  LaunchTable(int wordsMultiple) {
    this.wordsMultiple = wordsMultiple;
  }

  /**
   * Appends a piece.
   *
   * @param members of its struct, for the number of its first tile
   * @param count of its tiles
   */
  void add(LongFunction<Arguments> members, long count) {
    Arguments row = members.apply(tiles);
    while (row.words() % wordsMultiple != 0) {
      row.s64(0);
    }
    rows.struct(row);
    tiles = Math.addExact(tiles, count);
  }

  /** Of all pieces. */
  long tiles() {
    return tiles;
  }

  /** Of the table in device memory; plans of the same operands share one, freed with the device. */
  long address(CudaContext context) {
    byte[] bytes = rows.bytes();
    return context.byteTable("pieces " + HexFormat.of().formatHex(bytes), () -> bytes);
  }
}

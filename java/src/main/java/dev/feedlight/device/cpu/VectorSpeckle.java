package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.BYTES;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static jdk.incubator.vector.VectorOperators.NEG;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.feedlight.device.TransmissionBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;

/**
 * Entries of the transmission matrix: Philox writes table indices where the entries belong, a
 * second pass over the same cache lines looks them up.
 */
final class VectorSpeckle {
  private static final int ENTRIES = TransmissionBytes.ENTRIES_PER_BLOCK;

  /** Columns per vector of Philox blocks. */
  private static final int STEP = VectorPhilox.LANES * ENTRIES;

  /** Vectors between the two passes; ours: 4 KB of real and imaginary parts stay in cache. */
  private static final int VECTORS = 32;

  /** Entries in the lower half of the table; the upper half is its mirror image, negated. */
  private static final int HALF = 128;

  private static final byte[] TABLE = TransmissionBytes.table();
  private static final boolean PERMUTES_BYTES = permutesBytes();

  private VectorSpeckle() {}

  static void rows(
      VectorScratch scratch,
      long real,
      long imaginary,
      long stride,
      long firstRow,
      long rows,
      long firstColumn,
      long columns,
      long key) {
    VectorPhilox.schedule(key, scratch.schedule);
    boolean roomy = (columns + STEP - 1) / STEP * STEP <= stride;
    long whole = roomy ? (columns + STEP - 1) / STEP : columns / STEP;
    for (long r = 0; r < rows; r++) {
      int row = (int) (firstRow + r);
      long u = real + r * stride;
      long v = imaginary + r * stride;
      for (long done = 0; done < whole; done += VECTORS) {
        long block = firstColumn / ENTRIES + done * VectorPhilox.LANES;
        int vectors = (int) Math.min(VECTORS, whole - done);
        fill(scratch, u + done * STEP, v + done * STEP, block, row, vectors);
      }
      long rest = columns - whole * STEP;
      if (rest > 0) {
        long block = firstColumn / ENTRIES + whole * VectorPhilox.LANES;
        fill(scratch, scratch.low, scratch.high, block, row, 1);
        MemorySegment.copy(ALL, scratch.low, ALL, u + whole * STEP, rest);
        MemorySegment.copy(ALL, scratch.high, ALL, v + whole * STEP, rest);
      }
    }
  }

  private static void fill(
      VectorScratch scratch, long real, long imaginary, long block, int row, int vectors) {
    VectorPhilox.pairs(
        real, imaginary, scratch.ascending, block, row, 0, 0, vectors, scratch.schedule);
    if (PERMUTES_BYTES) {
      permute(real, vectors);
      permute(imaginary, vectors);
    } else {
      lookUp(real, vectors * STEP);
      lookUp(imaginary, vectors * STEP);
    }
  }

  /** Half a table in two registers: 64 entries at once. */
  private static void permute(long bytes, int vectors) {
    ByteVector first = ByteVector.fromArray(BYTES, TABLE, 0);
    ByteVector second = ByteVector.fromArray(BYTES, TABLE, HALF / 2);
    for (int v = 0; v < vectors; v++) {
      long address = bytes + (long) v * STEP;
      ByteVector index = ByteVector.fromMemorySegment(BYTES, ALL, address, ORDER);
      VectorMask<Byte> upper = index.lt((byte) 0);
      index
          .lanewise(XOR, (byte) -1, upper) // 255 - index
          .selectFrom(first, second)
          .lanewise(NEG, upper)
          .intoMemorySegment(ALL, address, ORDER);
    }
  }

  private static void lookUp(long bytes, int n) {
    for (int i = 0; i < n; i++) {
      int index = ALL.get(ValueLayout.JAVA_BYTE, bytes + i) & 0xFF;
      ALL.set(ValueLayout.JAVA_BYTE, bytes + i, TABLE[index]);
    }
  }

  /**
   * Whether a permutation of 128 bytes is one instruction: 512-bit vectors and AVX-512 VBMI. Only
   * the speed depends on the answer.
   */
  private static boolean permutesBytes() {
    if (BYTES.length() != HALF / 2) {
      return false;
    }
    try {
      return Files.readString(Path.of("/proc/cpuinfo")).contains("avx512vbmi");
    } catch (IOException | SecurityException e) {
      return false;
    }
  }
}

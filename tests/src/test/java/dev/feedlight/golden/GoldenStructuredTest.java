package dev.feedlight.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.reference.StructuredField;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The structured transmission matrix against an independent implementation, bit for bit. */
final class GoldenStructuredTest {
  private final GoldenFile golden = GoldenFile.read("structured.txt");
  private final long key = golden.longs("key")[0];

  private static int[] pattern(int inputs) {
    int[] pattern = new int[inputs];
    for (int j = 0; j < inputs; j++) {
      pattern[j] = (int) (((long) j * j + j / 3) % 3 - 1);
    }
    return pattern;
  }

  @Test
  void aFieldOfFewPixels() {
    long[] shape = golden.longs("shape");
    StructuredField field = StructuredField.of(key, pattern((int) shape[0]), (int) shape[1]);
    assertThat(field.real()).containsExactly(golden.floats("real"));
    assertThat(field.imaginary()).containsExactly(golden.floats("imaginary"));
  }

  /** The largest has sums that round, so that another order of additions would be seen. */
  @Test
  void checksumsOfFieldsOfManyPixels() {
    List<long[]> rows = golden.rows("checksums");
    assertThat(rows).hasSize(3);
    for (long[] row : rows) {
      StructuredField field = StructuredField.of(key, pattern((int) row[0]), (int) row[1]);
      assertThat(checksum(field.real())).isEqualTo(row[2]);
      assertThat(checksum(field.imaginary())).isEqualTo(row[3]);
    }
  }

  private static long checksum(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value + 0f); // -0 becomes 0
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes.array());
    return checksum.getValue();
  }
}

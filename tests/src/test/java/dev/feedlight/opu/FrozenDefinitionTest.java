package dev.feedlight.opu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.NormalTable;
import dev.feedlight.device.TransmissionBytes;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The definitions that may never change: generator, keys, tables, entries of T, noise. Every
 * literal comes from elsewhere: Random123, or the Python of tests/src/test/scripts.
 */
final class FrozenDefinitionTest {
  /** Known answers of Random123's kat_vectors, philox4x32 10. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 0, 0, 6627e8d5e169c58dbc57ac4c9b00dbd8",
    "ffffffff, ffffffff, ffffffff, ffffffff, ffffffff, ffffffff, 408f276d41c83b0ea20bc7c66d5451fd",
    "243f6a88, 85a308d3, 13198a2e, 03707344, a4093822, 299f31d0, d16cfe0994fdcceb5001e42024126ea1"
  })
  void philox(String c0, String c1, String c2, String c3, String k0, String k1, String expected) {
    int[] words = new int[4];
    Philox.block(
        Integer.toUnsignedLong(word(k0)) | (long) word(k1) << 32,
        word(c0),
        word(c1),
        word(c2),
        word(c3),
        words);
    assertThat(String.format("%08x%08x%08x%08x", words[0], words[1], words[2], words[3]))
        .isEqualTo(expected);
  }

  private static int word(String hexadecimal) {
    return Integer.parseUnsignedInt(hexadecimal, 16);
  }

  @Test
  void keysOfStreams() {
    assertThat(Philox.deriveKey(7, Stream.TRANSMISSION, 0)).isEqualTo(0x98D613B770554046L);
    assertThat(Philox.deriveKey(7, Stream.CAMERA, 0)).isEqualTo(0x9B6FDABF01DD679DL);
    assertThat(Philox.deriveKey(-1, Stream.WEIGHTS, 3)).isEqualTo(0x67A6755289E0D42BL);
  }

  @Test
  void numbersOfStreams() {
    assertThat(Arrays.stream(Stream.values()).map(Stream::number))
        .startsWith(1, 2, 3, 4, 5, 6, 7)
        .doesNotHaveDuplicates();
  }

  @Test
  void tableOfTheMedium() {
    byte[] table = TransmissionBytes.table();
    assertThat(sha256(table))
        .isEqualTo("bfe90f74a8d0e1b70a4569961440af04ef546850b7894a42813aab81206190d9");
    double squares = 0;
    for (byte value : table) {
      squares += value * value;
    }
    assertThat(TransmissionBytes.SCALE).isEqualTo(Math.sqrt(2 * squares / 256));
  }

  @Test
  void tableOfTheNoise() {
    float[] values = NormalTable.values();
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
    double squares = 0;
    for (float value : values) {
      assertThat(value * 8192).isEqualTo((float) Math.rint(value * 8192));
      bytes.putShort((short) (value * 8192));
      squares += value * value;
    }
    assertThat(sha256(bytes.array()))
        .isEqualTo("bad27823b9ba9aabd953a59d88007ecb986e3108b759fc78d4559ce675713164");
    // Rounding to 2^-13 leaves an error of at most 2^-14 per entry, hence of the deviation.
    assertThat(Math.abs(Math.sqrt(squares / values.length) - 1)).isLessThan(0x1p-14);
  }

  /** Seed 7, 3 pixels, 10 mirrors: one column of T at a time. */
  @Test
  void entriesOfTheMedium() {
    byte[] unitVectors = new byte[100];
    for (int i = 0; i < 10; i++) {
      unitVectors[11 * i] = 1;
    }
    for (TransmissionMatrix matrix : OpticsLab.BYTES) {
      try (OpticsLab lab = new OpticsLab(1)) {
        int[] fields = lab.fields(matrix, 10, 3, 7, unitVectors);
        int[] real = new int[30];
        int[] imaginary = new int[30];
        for (int column = 0; column < 10; column++) {
          for (int pixel = 0; pixel < 3; pixel++) {
            real[10 * pixel + column] = fields[6 * column + pixel];
            imaginary[10 * pixel + column] = fields[6 * column + 3 + pixel];
          }
        }
        assertThat(real)
            .as("real parts, %s", matrix)
            .containsExactly(
                33, -89, -25, 12, -13, 34, 28, 56, 13, 63, 34, -30, -8, -19, -6, -43, -20, 86, 20,
                40, -5, -19, 14, -8, -41, -65, -8, 56, 0, 16);
        assertThat(imaginary)
            .as("imaginary parts, %s", matrix)
            .containsExactly(
                -11, -19, -83, -36, 39, -4, -36, 57, 3, 0, -103, -53, 31, -63, -89, 81, -26, -25,
                -77, -54, -93, -67, 9, 49, -71, 64, -46, 20, 29, 39);
      }
    }
  }

  /** Seed 7, projection 5, frames 0 to 3, and the anchor, frame 4 of projection 0; times 2^13. */
  @Test
  void noise() {
    CameraResponse dark = new CameraResponse(1, 8192, 0, false, Float.POSITIVE_INFINITY);
    long key = Philox.deriveKey(7, Stream.CAMERA, 0);
    float[][] expected = {
      {14842, 14059, -5379},
      {-30056, -12095, 615},
      {-5243, 1704, 519},
      {3435, 334, 12050},
      {-13824, -5485, -7176}
    };
    try (OpticsLab lab = new OpticsLab(1)) {
      for (int frame = 0; frame < expected.length; frame++) {
        float[] counts = lab.expose(new int[6], dark, key, frame == 4 ? 0 : 5, frame);
        assertThat(counts).as("frame %d", frame).containsExactly(expected[frame]);
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

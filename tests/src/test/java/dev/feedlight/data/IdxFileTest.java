package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The IDX reader takes what is sound and refuses the rest with the file's name and numbers. */
final class IdxFileTest {
  @Test
  void readsImagesPlainAndCompressed() {
    byte[] bytes = IdxBytes.images(3, 2, 5);
    for (byte[] stored : new byte[][] {bytes, IdxBytes.gzip(bytes)}) {
      IdxFile file = IdxFile.readImages("pictures", stored);
      assertThat(file.count()).isEqualTo(3);
      assertThat(file.rows()).isEqualTo(2);
      assertThat(file.columns()).isEqualTo(5);
      assertThat(file.value(0, 0)).isZero();
      assertThat(file.value(2, 9)).isEqualTo(29);
    }
  }

  @Test
  void readsLabelsAsUnsignedBytes() {
    IdxFile file = IdxFile.readLabels("classes", IdxBytes.labels(0, 128, 255));
    assertThat(file.count()).isEqualTo(3);
    assertThat(file.itemBytes()).isEqualTo(1);
    assertThat(file.value(1, 0)).isEqualTo(128);
    assertThat(file.value(2, 0)).isEqualTo(255);
  }

  @Test
  void readsFilesOfSeveralBlocks() {
    // 3 MiB and a little, in images that do not divide the block.
    IdxFile file = IdxFile.readImages("large", IdxBytes.gzip(IdxBytes.images(3_001, 31, 34)));
    for (long item = 0; item < file.count(); item++) {
      for (int position : new int[] {0, 500, 1053}) {
        assertThat(file.value(item, position)).isEqualTo((int) ((item * 1054 + position) & 0xFF));
      }
    }
  }

  @Test
  void readsImagesLargerThanOneBlock() {
    IdxFile file = IdxFile.readImages("wide", IdxBytes.images(2, 1025, 1025));
    assertThat(file.value(1, 1025 * 1025 - 1)).isEqualTo((2 * 1025 * 1025 - 1) & 0xFF);
  }

  @Test
  void refusesPositionsThatDoNotExist() {
    IdxFile file = IdxFile.readImages("pictures", IdxBytes.images(3, 2, 5));
    assertThatThrownBy(() -> file.value(3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> file.value(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> file.value(0, 10)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesTheWrongMagic() {
    refuses(IdxBytes.labels(1, 2, 3, 4, 5, 6, 7, 8), "0x00000801", "0x00000803", "images");
    refuses(IdxBytes.file(24, 0x903, 2, 3, 4), "0x00000903", "0x00000803");
    assertThatThrownBy(() -> IdxFile.readLabels("labels", IdxBytes.images(1, 1, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("labels", "0x00000803", "0x00000801");
  }

  @Test
  void refusesTruncation() {
    byte[] bytes = IdxBytes.images(3, 2, 5);
    for (int length = 0; length < bytes.length; length++) {
      byte[] shorter = Arrays.copyOf(bytes, length);
      refuses(shorter, String.valueOf(length), length < 16 ? "of 16 bytes" : "46 bytes");
      refuses(IdxBytes.gzip(shorter), "ends after " + length + " of " + (length < 16 ? 16 : 46));
    }
  }

  @Test
  void refusesTruncatedCompression() {
    byte[] bytes = IdxBytes.gzip(IdxBytes.images(30, 20, 5));
    for (int length = 0; length < bytes.length; length++) {
      byte[] shorter = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> IdxFile.readImages("pictures", shorter))
          .isInstanceOf(DataException.class)
          .hasMessageMatching(
              "pictures: (ends after|its " + shorter.length + " bytes break off).*");
    }
  }

  @Test
  void refusesDamagedCompression() {
    byte[] bytes = IdxBytes.gzip(IdxBytes.images(30, 20, 5));
    bytes[bytes.length - 5] ^= 1; // the checksum
    refuses(bytes, "damaged gzip: checksum");
    bytes[bytes.length - 5] ^= 1;
    bytes[12] ^= (byte) 0xFF; // the first block
    refuses(bytes, "damaged gzip after 0 of 16 bytes");
  }

  @Test
  void refusesWhatFollowsTheEnd() {
    byte[] bytes = IdxBytes.images(3, 2, 5);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    refuses(longer, "promises 46 bytes", "has 47");
    refuses(IdxBytes.gzip(longer), "goes on after the 46 bytes");
  }

  @Test
  void readsSeveralMembersAndRefusesWhatIsNone() {
    byte[] bytes = IdxBytes.images(3, 2, 5);
    byte[] two =
        joined(
            IdxBytes.gzip(Arrays.copyOf(bytes, 20)),
            IdxBytes.gzip(Arrays.copyOfRange(bytes, 20, bytes.length)));
    assertThat(IdxFile.readImages("pictures", two).value(2, 9)).isEqualTo(29);
    two[two.length - 8] ^= 1; // the checksum of the second member
    refuses(two, "damaged gzip: checksum");
    byte[] sound = IdxBytes.gzip(bytes);
    for (int extra = 1; extra < 40; extra++) {
      refuses(Arrays.copyOf(sound, sound.length + extra), extra < 10 ? "gzip" : "no header");
    }
  }

  @Test
  void readsEveryFieldOfAGzipHeader() {
    byte[] bytes = IdxBytes.images(3, 2, 5);
    byte[] plain = IdxBytes.gzip(bytes);
    byte[] start = {
      0x1f, (byte) 0x8b, 8, 0b11101, 1, 2, 3, 4, 0, 3, 2, 0, 7, 7, 'n', 0, 'c', 'c', 0
    };
    byte[] full = joined(start, Arrays.copyOfRange(plain, 10, plain.length));
    assertThat(IdxFile.readImages("pictures", full).count()).isEqualTo(3);
    full[3] |= 1 << 1; // a checksum of the header, which is then two bytes of the stream
    refuses(full, "a gzip header whose checksum is wrong");
    full[3] = (byte) 0x80;
    refuses(full, "no header of a gzip member", "flags 80");
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void stopsReadingCompressionThatExpandsBeyondItsHeader() {
    // 64 MiB of zeros behind a header that promises one pixel: only one byte too many is inflated.
    byte[] bomb = new byte[1 << 26];
    System.arraycopy(IdxBytes.images(1, 1, 1), 0, bomb, 0, 16);
    refuses(IdxBytes.gzip(bomb), "goes on after the 17 bytes");
  }

  @Test
  void refusesSizesBelowOne() {
    refuses(IdxBytes.file(0, 0x803, 0, 2, 5), "0 images");
    refuses(IdxBytes.file(0, 0x803, 3, -2, 5), "-2 rows");
    refuses(IdxBytes.file(0, 0x803, 3, 2, 0), "0 columns");
    assertThatThrownBy(() -> IdxFile.readLabels("x", IdxBytes.file(0, 0x801, -1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("-1 labels");
  }

  @Test
  void refusesSizesWhoseProductOverflows() {
    int max = Integer.MAX_VALUE;
    refuses(IdxBytes.file(9, 0x803, max, max, max), "2147483647 x 2147483647");
    refuses(IdxBytes.file(9, 0x803, 1 << 30, 1 << 17, 1 << 17), "131072 x 131072", "16777216");
    // Modulo 2^32 these promise 0 bytes.
    refuses(IdxBytes.file(0, 0x803, 1 << 16, 1 << 8, 1 << 8), "65536 x 256 x 256");
  }

  @Test
  void refusesMoreThanTheHeapBeforeAllocating() {
    refuses(IdxBytes.gzip(IdxBytes.file(9, 0x803, 1 << 30, 1 << 12, 1 << 12)), "heap", "-Xmx");
  }

  @Test
  void refusesMoreThanCompressionCanHold() {
    // 128 MiB promised by a few dozen bytes.
    byte[] bytes = IdxBytes.gzip(IdxBytes.file(9, 0x803, 1 << 15, 1 << 6, 1 << 6));
    refuses(bytes, "134217744", bytes.length + " bytes of gzip cannot hold");
  }

  @Test
  void acceptsTheHighestCompressionThereIs() {
    byte[] zeros = new byte[16 + (1 << 24)];
    System.arraycopy(IdxBytes.file(0, 0x803, 1 << 12, 1 << 6, 1 << 6), 0, zeros, 0, 16);
    IdxFile file = IdxFile.readImages("black", IdxBytes.gzip(zeros));
    assertThat(file.count()).isEqualTo(1 << 12);
    assertThat(file.value((1 << 12) - 1, (1 << 12) - 1)).isZero();
  }

  @Test
  void namesTheFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("broken");
    Files.write(file, new byte[5]);
    assertThatThrownBy(() -> IdxFile.readImages(file))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(file.toString(), "5 of 16");
    assertThatThrownBy(() -> IdxFile.readImages(directory.resolve("absent")))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("absent", "NoSuchFile");
  }

  private static void refuses(byte[] stored, String... said) {
    assertThatThrownBy(() -> IdxFile.readImages("pictures", stored))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("pictures: ")
        .hasMessageContainingAll(said);
  }
}

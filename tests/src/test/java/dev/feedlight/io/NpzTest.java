package dev.feedlight.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.fuzz.BytesChannel;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NpzTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadAndIsAZipFileToJavaToo() throws IOException {
    List<TensorInfo> tensors =
        List.of(
            TensorInfo.of("dense1.weight", DType.F32, new Shape(300, 200)),
            new TensorInfo("none", StoredType.F32, List.of(0L)),
            TensorInfo.vector("é", DType.S32, 3),
            TensorInfo.vector("s", DType.S8, 2),
            new TensorInfo("end", StoredType.U8, List.of(2L, 0L)));
    float[] w = new float[60_000];
    for (int i = 0; i < w.length; i++) {
      w[i] = i * 0.5f;
    }
    Path path = folder.resolve("a.npz");
    try (SeekableByteChannel channel = create(path)) {
      NpzWriter writer = new NpzWriter(channel, tensors);
      writer.write("dense1.weight", w, 0, 1);
      writer.write("dense1.weight", w, 1, 59_999);
      writer.write("é", new int[] {1, -2, 3}, 0, 3);
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
      writer.write("s", new byte[] {-1, 1}, 0, 2);
      writer.finish();
    }
    try (NpzFile file = NpzFile.open(path)) {
      assertThat(file.tensors()).isEqualTo(tensors);
      float[] back = new float[60_000];
      file.read("dense1.weight", back);
      assertThat(back).containsExactly(w);
      int[] ints = new int[3];
      file.read("é", ints);
      assertThat(ints).containsExactly(1, -2, 3);
      file.read("end", new byte[0]);
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      List<String> names = new ArrayList<>();
      for (ZipEntry entry : zip.stream().toList()) {
        names.add(entry.getName());
        assertThat(zip.getInputStream(entry).readAllBytes()).hasSize((int) entry.getSize());
      }
      assertThat(names)
          .containsExactly("dense1.weight.npy", "none.npy", "é.npy", "s.npy", "end.npy");
    }
  }

  @Test
  void theSameContentGivesTheSameBytes() throws IOException {
    assertThat(bytes(sound("one.npz"))).isEqualTo(bytes(sound("two.npz")));
  }

  @Test
  void everyFlippedBitIsRefusedOrWithoutMeaning() throws IOException {
    byte[] sound = bytes(sound("sound.npz"));
    int refused = 0;
    for (int i = 0; i < 8 * sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i / 8] ^= (byte) (1 << i % 8);
      try {
        assertThat(readW(damaged)).as("bit %d", i).containsExactly(1, 2, 3);
      } catch (FormatException e) {
        refused++;
      }
    }
    // Versions, dates and attributes have no meaning here: some 50 of 350 bytes.
    assertThat(refused).isGreaterThan(8 * sound.length * 3 / 4);
  }

  @Test
  void everyLostEndAndEveryAddedByteIsRefused() throws IOException {
    byte[] sound = bytes(sound("sound.npz"));
    for (int length = 0; length < sound.length; length++) {
      byte[] shorter = Arrays.copyOf(sound, length);
      assertThatExceptionOfType(FormatException.class).isThrownBy(() -> readW(shorter));
    }
    byte[] longer = Arrays.copyOf(sound, sound.length + 1);
    assertThatExceptionOfType(FormatException.class).isThrownBy(() -> readW(longer));
    byte[] shifted = new byte[sound.length + 1];
    System.arraycopy(sound, 0, shifted, 1, sound.length);
    assertThatExceptionOfType(FormatException.class).isThrownBy(() -> readW(shifted));
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    Path path = folder.resolve("two.npz");
    try (SeekableByteChannel channel = create(path)) {
      NpzWriter writer =
          new NpzWriter(
              channel,
              List.of(TensorInfo.vector("a", DType.S8, 1), TensorInfo.vector("b", DType.S8, 1)));
      writer.write("a", new byte[1], 0, 1);
      writer.write("b", new byte[1], 0, 1);
      writer.finish();
    }
    byte[] file = bytes(path);
    for (int i = 0; i + 5 <= file.length; i++) {
      if (file[i] == 'b' && file[i + 1] == '.' && file[i + 2] == 'n') {
        file[i] = 'a';
      }
    }
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> open(file).close())
        .withMessageContaining("has two entries a.npy");
  }

  @Test
  void entriesThatOverlapAreRefused() throws IOException {
    Path path = sound("sound.npz");
    byte[] file = bytes(path);
    int central = endOf(file).getInt(16);
    // The directory twice: both entries are the same bytes.
    int centralBytes = file.length - 22 - central;
    ByteBuffer twice = ByteBuffer.allocate(file.length + centralBytes);
    twice.order(ByteOrder.LITTLE_ENDIAN).put(file, 0, central);
    twice.put(file, central, centralBytes).put(file, central, centralBytes);
    twice.put(file, file.length - 22, 22);
    int end = twice.capacity() - 22;
    twice.putShort(end + 8, (short) 2).putShort(end + 10, (short) 2);
    twice.putInt(end + 12, 2 * centralBytes);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> open(twice.array()).close())
        .withMessageContaining("but what is free goes from");
  }

  @Test
  void whatIsNoArrayIsRefused() throws IOException {
    Path path = folder.resolve("text.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
      zip.write(1);
    }
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> NpzFile.open(path).close())
        .withMessageContaining("readme.txt, which is no array");
  }

  /** A megabyte of zeros behind a header of two: the directory agrees with the header. */
  @Test
  void aStreamThatGoesOnIsNotFollowed() throws IOException {
    Path path = folder.resolve("bomb.npz");
    byte[] header = NpyHeader.write(TensorInfo.vector("w", DType.F32, 3));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("w.npy"));
      zip.write(header);
      zip.write(new byte[1 << 20]);
    }
    byte[] file = bytes(path);
    int central = endOf(file).getInt(16);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 24, header.length + 12);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> readW(file))
        .withMessageContaining("does not end after the " + (header.length + 12) + " bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "8, 4, disk", "10, 0, its directory goes on", "10, 2, promises 2 entries",
    "12, 1, promises a directory", "16, 1, promises a directory", "20, 1, comment",
  })
  void theEndRecordIsChecked(int offset, int value, String message) throws IOException {
    byte[] file = bytes(sound("sound.npz"));
    ByteBuffer end = endOf(file);
    if (offset == 10) {
      end.putShort(8, (short) value);
    }
    end.putShort(offset, (short) value);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> open(file).close())
        .withMessageContaining(message.equals("disk") ? "one part of several" : message);
  }

  @Test
  void theWriterRefusesWhatNumPyHasNot() throws IOException {
    Path path = folder.resolve("refused.npz");
    try (SeekableByteChannel channel = create(path)) {
      assertThatThrownBy(
              () ->
                  new NpzWriter(
                      channel, List.of(new TensorInfo("b", StoredType.BF16, List.of(1L)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("BF16");
      assertThatThrownBy(
              () ->
                  new NpzWriter(
                      channel, List.of(TensorInfo.vector("x".repeat(70_000), DType.F32, 1))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(channel.size()).isZero();
    }
  }

  private Path sound(String name) throws IOException {
    Path path = folder.resolve(name);
    try (SeekableByteChannel channel = create(path)) {
      NpzWriter writer = new NpzWriter(channel, List.of(TensorInfo.vector("w", DType.F32, 3)));
      writer.write("w", new float[] {1, 2, 3}, 0, 3);
      writer.finish();
    }
    return path;
  }

  private static float[] readW(byte[] file) throws IOException {
    float[] w = new float[3];
    try (NpzFile npz = open(file)) {
      String name = npz.tensors().getFirst().name();
      if (!npz.tensor(name).equals(new TensorInfo("w", StoredType.F32, List.of(3L)))) {
        throw new FormatException("test", "other array");
      }
      npz.read("w", w);
    }
    return w;
  }

  private static NpzFile open(byte[] file) throws IOException {
    return NpzFile.open("changed.npz", new BytesChannel(file));
  }

  private static ByteBuffer endOf(byte[] file) {
    return ByteBuffer.wrap(file, file.length - 22, 22).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(Path path) throws IOException {
    return Files.readAllBytes(path);
  }

  private static SeekableByteChannel create(Path path) throws IOException {
    return Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}

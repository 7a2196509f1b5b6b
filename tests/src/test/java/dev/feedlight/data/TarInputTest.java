package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tar archives: sound ones are read, others are refused. */
final class TarInputTest {
  private static final byte[] BODY = Fetching.body(1300);

  private static Map<String, byte[]> read(byte[] archive) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (TarInput tar = new TarInput(new ByteArrayInputStream(archive))) {
      for (TarInput.Entry entry = tar.next(); entry != null; entry = tar.next()) {
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        byte[] buffer = new byte[100];
        for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
          contents.write(buffer, 0, count);
        }
        assertThat(contents.size()).isEqualTo(entry.bytes());
        files.put(entry.name(), contents.toByteArray());
      }
    }
    return files;
  }

  @Test
  void filesOfAllKindsOfHeadersAreRead() throws Exception {
    String longName = "deep/" + "x".repeat(150);
    byte[] name = longName.getBytes(StandardCharsets.UTF_8);
    TarFile tar =
        new TarFile()
            .entry("folder/", '5', 0, new byte[0])
            .file("./a.nc", BODY)
            .file("empty", new byte[0])
            .entry("PaxHeaders/g", 'g', 10, "10 a=bcde\n".getBytes(StandardCharsets.US_ASCII))
            .pax("path", "by pax")
            .file("short", BODY)
            .entry("././@LongLink", 'L', name.length, name)
            .file("cut", BODY);
    // Base 256, as GNU writes sizes beyond 8 GiB.
    byte[] size = new byte[12];
    size[0] = (byte) 0x80;
    size[11] = 3;
    tar.header("binary", '0', size).raw(Arrays.copyOf(new byte[] {7, 8, 9}, 512));
    Map<String, byte[]> files = read(tar.bytes());
    assertThat(files.keySet()).containsExactly("a.nc", "empty", "by pax", longName, "binary");
    assertThat(files.get("a.nc")).isEqualTo(BODY);
    assertThat(files.get("empty")).isEmpty();
    assertThat(files.get(longName)).isEqualTo(BODY);
    assertThat(files.get("binary")).containsExactly(7, 8, 9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../a", "a/../../b", "/etc/passwd", "..", "a\\b", "C:/a", "C:a", "./../a", "a/.."})
  void namesThatLeadOutAreRefused(String name) throws Exception {
    byte[] plain = new TarFile().file(name, BODY).bytes();
    byte[] pax = new TarFile().pax("path", name).file("harmless", BODY).bytes();
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] gnu = new TarFile().entry("L", 'L', bytes.length, bytes).file("harmless", BODY).bytes();
    byte[] folder = new TarFile().entry(name, '5', 0, new byte[0]).bytes();
    for (byte[] archive : new byte[][] {plain, pax, gnu, folder}) {
      assertThatThrownBy(() -> read(archive))
          .isInstanceOf(ZipException.class)
          .hasMessageContaining("the name '" + name + "' in the tar archive leads out");
    }
  }

  /** Hard and symbolic links, character and block devices, pipes, and what nobody knows. */
  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '4', '6', 'K', 'S', 'Z'})
  void linksAndDevicesAreRefused(char type) {
    byte[] archive = new TarFile().entry("link", type, 0, new byte[0]).bytes();
    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("link is no file but of the type '" + type + "'");
  }

  @ParameterizedTest
  @CsvSource({"-0000000001", "99999999999", "0x1", "''"})
  void sizesThatAreNoNumbersAreRefused(String size) {
    byte[] field = Arrays.copyOf(size.getBytes(StandardCharsets.US_ASCII), 12);
    byte[] archive = new TarFile().header("a", '0', field).raw(new byte[512]).bytes();
    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("has no size but");
  }

  @Test
  void sizesThatLieEndTheArchive() {
    byte[] beyond = new TarFile().entry("a", '0', 1L << 30, BODY).bytes();
    assertThatThrownBy(() -> read(beyond)).isInstanceOf(EOFException.class);
    byte[] huge = new byte[12];
    Arrays.fill(huge, (byte) 0xFF);
    assertThatThrownBy(() -> read(new TarFile().header("a", '0', huge).bytes()))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("has no size but");
    byte[] pax = new TarFile().pax("size", "99999999999").file("a", BODY).bytes();
    assertThatThrownBy(() -> read(pax)).isInstanceOf(EOFException.class);
    byte[] header = new TarFile().entry("x", 'x', 1 << 20, new byte[1 << 20]).bytes();
    assertThatThrownBy(() -> read(header))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("has 1048576 bytes");
    // Smaller than what follows: the rest is no header.
    byte[] small = new TarFile().entry("a", '0', 3, BODY).bytes();
    assertThatThrownBy(() -> read(small)).isInstanceOf(IOException.class);
  }

  /** Damage is an IOException, or changes contents and names, and never anything else. */
  @Test
  void damageIsNeverAnythingButAnIoException() throws Exception {
    byte[] sound =
        new TarFile().pax("path", "b").file("a", BODY).file("c", Fetching.body(700)).bytes();
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    String repeat = "mvn -pl tests -am verify -Dtest=TarInputTest -Dfeedlight.seed=" + seed;
    System.out.println("TarInputTest, seed " + seed + "; to repeat: " + repeat);
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        read(damaged).keySet().forEach(name -> assertThat(name).doesNotContain(".."));
      } catch (IOException _) {
        // refused
      } catch (RuntimeException e) {
        throw new AssertionError("round " + i + ", to repeat: " + repeat, e);
      }
    }
  }
}

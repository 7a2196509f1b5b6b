package dev.feedlight.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever is done to the bytes of an IDX file, reading it either fails with a {@link
 * DataException}, or gives exactly the values that the bytes say.
 */
final class IdxFileFuzzTest {
  private static final int CASES = 40_000;

  private static final int[] TELLING_SIZES = {
    0, 1, -1, 2, 255, 256, 65_536, 1 << 24, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  @Test
  void damagedFilesAreRefusedOrReadExactly() {
    long seed = Long.getLong("feedlight.seed", System.nanoTime());
    String repeat = "mvn -pl tests -am verify -Dtest=IdxFileFuzzTest -Dfeedlight.seed=" + seed;
    System.out.println("IdxFileFuzzTest, seed " + seed + "; to repeat: " + repeat);
    Random random = new Random(seed);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] plain = randomFile(random);
      byte[] damagedPlain = random.nextInt(4) == 0 ? plain : damage(plain, random, true);
      boolean gzip = random.nextBoolean();
      // Damage to a gzip file must be noticed by its checksum, or be where nothing depends on it.
      boolean damageGzip = gzip && random.nextBoolean();
      byte[] stored = gzip ? IdxBytes.gzip(damagedPlain) : damagedPlain;
      if (damageGzip) {
        stored = damage(stored, random, false);
      }
      String what = "case %d, to repeat: %s".formatted(i, repeat);
      try {
        check(IdxFile.readImages("fuzz", stored), damagedPlain, what);
        read++;
      } catch (DataException e) {
        assertThat(e).as(what).hasMessageStartingWith("fuzz: ");
        if (!damageGzip) {
          assertThat(isSound(damagedPlain)).as(what + ": " + e.getMessage()).isFalse();
        }
        refused++;
      } catch (RuntimeException | OutOfMemoryError e) {
        throw new AssertionError(what, e);
      }
    }
    assertThat(read).as(repeat).isGreaterThan(CASES / 20);
    assertThat(refused).as(repeat).isGreaterThan(CASES / 20);
  }

  private static byte[] randomFile(Random random) {
    byte[] bytes =
        IdxBytes.images(1 + random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(9));
    for (int i = 16; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) * random.nextInt(128));
    }
    return bytes;
  }

  private static byte[] damage(byte[] bytes, Random random, boolean hasHeader) {
    byte[] damaged = bytes.clone();
    int at = random.nextInt(damaged.length);
    switch (random.nextInt(hasHeader ? 6 : 4)) {
      case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> damaged = Arrays.copyOf(damaged, at);
      case 2 -> damaged = Arrays.copyOf(damaged, damaged.length + 1 + random.nextInt(20));
      case 3 -> {
        // A stretch doubled or lost: the length changes in the middle.
        int to = random.nextInt(damaged.length);
        byte[] tail = Arrays.copyOfRange(damaged, to, damaged.length);
        damaged = Arrays.copyOf(damaged, at + tail.length);
        System.arraycopy(tail, 0, damaged, at, tail.length);
      }
      case 4 ->
          ByteBuffer.wrap(damaged)
              .putInt(
                  4 + 4 * random.nextInt(3), TELLING_SIZES[random.nextInt(TELLING_SIZES.length)]);
      default -> {
        // Two sizes exchanged: still sound, but other images.
        ByteBuffer header = ByteBuffer.wrap(damaged);
        int rows = header.getInt(8);
        header.putInt(8, header.getInt(4));
        header.putInt(4, rows);
      }
    }
    return damaged;
  }

  /** The format's rule, said once more and apart from the reader. */
  private static boolean isSound(byte[] plain) {
    if (plain.length < 16) {
      return false;
    }
    ByteBuffer header = ByteBuffer.wrap(plain);
    long count = header.getInt(4);
    long rows = header.getInt(8);
    long columns = header.getInt(12);
    return header.getInt(0) == 0x803
        && count > 0
        && rows > 0
        && columns > 0
        && rows * columns <= IdxFile.MAX_ITEM_BYTES
        && 16 + count * rows * columns == plain.length;
  }

  private static void check(IdxFile file, byte[] plain, String what) {
    assertThat(isSound(plain)).as(what).isTrue();
    ByteBuffer header = ByteBuffer.wrap(plain);
    assertThat(file.count()).as(what).isEqualTo(header.getInt(4));
    assertThat(file.rows()).as(what).isEqualTo(header.getInt(8));
    assertThat(file.columns()).as(what).isEqualTo(header.getInt(12));
    for (int i = 16; i < plain.length; i++) {
      int value = file.value((i - 16) / file.itemBytes(), (i - 16) % file.itemBytes());
      if (value != (plain[i] & 0xFF)) {
        throw new AssertionError("%s: byte %d reads as %d".formatted(what, i, value));
      }
    }
  }
}

package dev.feedlight.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes that know nothing of the format. */
final class ByteEdits {
  /** Longest stretch that is inserted or doubled. */
  private static final int MOST_ADDED = 64;

  private static final long[] TELLING = {
    0,
    1,
    2,
    7,
    8,
    127,
    128,
    255,
    256,
    32_767,
    32_768,
    65_535,
    65_536,
    100_000_000,
    100_000_001,
    Integer.MAX_VALUE - 8L,
    Integer.MAX_VALUE,
    1L << 31,
    (1L << 32) - 1,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE - 7,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -8
  };

  private ByteEdits() {}

  static List<Edit> all() {
    return List.of(
        ByteEdits::flip,
        ByteEdits::set,
        ByteEdits::truncate,
        ByteEdits::insert,
        ByteEdits::cut,
        ByteEdits::repeat,
        ByteEdits::swap,
        ByteEdits::number);
  }

  /** A number at which something may happen. */
  static long telling(RandomGenerator random) {
    return TELLING[random.nextInt(TELLING.length)];
  }

  private static byte[] flip(byte[] file, RandomGenerator random) {
    if (file.length == 0) {
      return file;
    }
    byte[] changed = file.clone();
    changed[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }

  private static byte[] set(byte[] file, RandomGenerator random) {
    if (file.length == 0) {
      return file;
    }
    byte[] changed = file.clone();
    changed[random.nextInt(file.length)] = (byte) telling(random);
    return changed;
  }

  private static byte[] truncate(byte[] file, RandomGenerator random) {
    return Arrays.copyOf(file, random.nextInt(file.length + 1));
  }

  private static byte[] insert(byte[] file, RandomGenerator random) {
    byte[] added = new byte[1 + random.nextInt(MOST_ADDED)];
    if (random.nextBoolean()) {
      random.nextBytes(added);
    }
    int at = random.nextBoolean() ? file.length : random.nextInt(file.length + 1);
    return replace(file, at, at, added);
  }

  private static byte[] cut(byte[] file, RandomGenerator random) {
    int from = random.nextInt(file.length + 1);
    int to = Math.min(file.length, from + random.nextInt(MOST_ADDED));
    return replace(file, from, to, new byte[0]);
  }

  private static byte[] repeat(byte[] file, RandomGenerator random) {
    int from = random.nextInt(file.length + 1);
    int to = Math.min(file.length, from + random.nextInt(MOST_ADDED));
    return replace(file, to, to, Arrays.copyOfRange(file, from, to));
  }

  /** Two stretches of one length exchanged; they may overlap. */
  private static byte[] swap(byte[] file, RandomGenerator random) {
    int length = 1 + random.nextInt(8);
    if (file.length < length) {
      return file;
    }
    byte[] changed = file.clone();
    int one = random.nextInt(file.length - length + 1);
    int two = random.nextInt(file.length - length + 1);
    System.arraycopy(file, one, changed, two, length);
    System.arraycopy(file, two, changed, one, length);
    return changed;
  }

  /** A telling number over what may be a length: at a small offset in half of all cases. */
  private static byte[] number(byte[] file, RandomGenerator random) {
    int width = 1 << (1 + random.nextInt(3));
    int places = random.nextBoolean() ? Math.min(file.length, 32) : file.length;
    if (places < width) {
      return file;
    }
    ByteBuffer changed = ByteBuffer.wrap(file.clone());
    changed.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int at = random.nextInt(places - width + 1);
    long value = telling(random);
    switch (width) {
      case Short.BYTES -> changed.putShort(at, (short) value);
      case Integer.BYTES -> changed.putInt(at, (int) value);
      default -> changed.putLong(at, value);
    }
    return changed.array();
  }

  /** The file with other bytes in place of those from {@code from} to {@code to}. */
  static byte[] replace(byte[] file, int from, int to, byte[] by) {
    byte[] changed = new byte[file.length - (to - from) + by.length];
    System.arraycopy(file, 0, changed, 0, from);
    System.arraycopy(by, 0, changed, from, by.length);
    System.arraycopy(file, to, changed, from + by.length, file.length - to);
    return changed;
  }
}

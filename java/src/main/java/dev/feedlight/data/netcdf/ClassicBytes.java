package dev.feedlight.data.netcdf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads the header of a classic file from front to back; never beyond its end. */
final class ClassicBytes {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final String file;
  private final MemorySegment bytes;
  private long position;

  ClassicBytes(String file, MemorySegment bytes, long position) {
    this.file = file;
    this.bytes = bytes;
    this.position = position;
  }

  /** The next four bytes as they are. */
  int nextInt(String what) {
    return bytes.get(INT, advance(Integer.BYTES, what));
  }

  /** The next eight bytes as they are. */
  long nextLong(String what) {
    return bytes.get(LONG, advance(Long.BYTES, what));
  }

  /** A number of things that take at least so many bytes each. */
  int nextCount(String what, long bytesEach) {
    int count = nextInt(what);
    long left = bytes.byteSize() - position;
    if (count < 0 || count > left / bytesEach) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s: the header promises %d %s where %d bytes are left",
              file,
              count & 0xFFFF_FFFFL,
              what,
              left));
    }
    return count;
  }

  /** A name or text: its length, its bytes, zeros up to a multiple of four. */
  String nextText(String what) {
    return new String(nextPadded(nextCount(what, 1), what), StandardCharsets.UTF_8);
  }

  /** So many bytes, and zeros up to a multiple of four. */
  byte[] nextPadded(long count, String what) {
    long start = advance(padded(count), what);
    return bytes.asSlice(start, count).toArray(ValueLayout.JAVA_BYTE);
  }

  static long padded(long count) {
    return Math.addExact(count, 3) & ~3L;
  }

  private long advance(long count, String what) {
    if (count > bytes.byteSize() - position) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s: ends at byte %d, inside of the header's %s",
              file,
              bytes.byteSize(),
              what));
    }
    long start = position;
    position += count;
    return start;
  }
}

package dev.feedlight.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.ZipException;

/**
 * The files of a tar archive (POSIX.1-2017 pax, ustar, GNU long names), one after the other. Names
 * that would leave the folder where it is unpacked are refused, absolute ones and those with {@code
 * ..}; so are links and devices, sizes that are no numbers, and an archive that ends too soon.
 */
public final class TarInput implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int SIZE = 124;
  private static final int SIZE_BYTES = 12;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_BYTES = 155;

  /** Longer names are no names of files (ours). */
  private static final int MOST_HEADER = 1 << 16;

  private final InputStream archive;
  private final byte[] block = new byte[BLOCK];
  private long left;
  private long padding;

  /**
   * Begins to read.
   *
   * @param archive unpacked tar, closed with this
   */
  public TarInput(InputStream archive) {
    this.archive = archive;
  }

  /**
   * A file of the archive.
   *
   * @param name relative, without {@code ..}, its parts separated by slashes
   * @param bytes its size
   */
  public record Entry(String name, long bytes) {}

  /** What headers in front of a header say about it. */
  private static final class Extended {
    private String name;
    private Long bytes;
  }

  /**
   * Goes to the next file, passing over what is left of this one and over folders.
   *
   * @return the file, or null at the end
   * @throws IOException if the archive is damaged, ends too soon, or holds what is refused
   */
  public Entry next() throws IOException {
    Extended extended = new Extended();
    while (true) {
      skip(left + padding);
      left = 0;
      padding = 0;
      if (!readBlock() || isZero()) {
        return null;
      }
      requireChecksum();
      long bytes = extended.bytes == null ? number(SIZE, SIZE_BYTES, "size") : extended.bytes;
      String name = extended.name == null ? name() : extended.name;
      left = bytes;
      padding = (BLOCK - bytes % BLOCK) % BLOCK;
      char type = (char) (block[TYPE] & 0xFF);
      switch (type) {
        case 'x' -> readPax(extended);
        case 'L' -> extended.name = text(header(name));
        case 'g' -> {
          // What holds for the whole archive says nothing about names and sizes.
        }
        case '5' -> {
          requireInside(name);
          extended = new Extended();
        }
        case '0', '7', '\0' -> {
          requireInside(name);
          return new Entry(name.startsWith("./") ? name.substring(2) : name, bytes);
        }
        default ->
            throw new ZipException(
                name
                    + " is no file but of the type '"
                    + type
                    + "': an archive of data has no links and devices");
      }
    }
  }

  /**
   * Reads of the file that {@link #next} went to.
   *
   * @param target filled from its beginning
   * @return bytes read, or -1 at the end of the file
   * @throws IOException if the archive ends within the file
   */
  public int read(byte[] target) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = archive.read(target, 0, (int) Math.min(target.length, left));
    if (count < 0) {
      throw new EOFException("the archive ends " + left + " bytes before the end of a file");
    }
    left -= count;
    return count;
  }

  private void skip(long bytes) throws IOException {
    byte[] passed = new byte[1 << 13];
    for (long rest = bytes; rest > 0; ) {
      int count = archive.read(passed, 0, (int) Math.min(passed.length, rest));
      if (count < 0) {
        throw new EOFException("the archive ends " + rest + " bytes before the end of a file");
      }
      rest -= count;
    }
  }

  /** Whether there was a block; an archive without its two empty blocks is not refused. */
  private boolean readBlock() throws IOException {
    int count = archive.readNBytes(block, 0, BLOCK);
    if (count != 0 && count != BLOCK) {
      throw new EOFException("the archive ends within a header");
    }
    return count == BLOCK;
  }

  private boolean isZero() {
    for (byte value : block) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private void requireChecksum() throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_BYTES;
      sum += own ? ' ' : block[i] & 0xFF;
    }
    long written = number(CHECKSUM, CHECKSUM_BYTES, "checksum");
    if (written != sum) {
      throw new ZipException("a header of the tar archive has the sum " + sum + ", not " + written);
    }
  }

  /** Octal digits, or base 256 where the first bit says so (GNU). */
  private long number(int offset, int length, String what) throws IOException {
    if ((block[offset] & 0x80) != 0) {
      long value = block[offset] & 0x7F;
      for (int i = offset + 1; i < offset + length; i++) {
        if (value >= 1L << 55) {
          throw noNumber(offset, length, what);
        }
        value = (value << 8) | (block[i] & 0xFF);
      }
      return value;
    }
    String digits = text(Arrays.copyOfRange(block, offset, offset + length)).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw noNumber(offset, length, what);
    }
    return Long.parseLong(digits, 8);
  }

  private ZipException noNumber(int offset, int length, String what) {
    return new ZipException(
        String.format(
            Locale.ROOT,
            "a header of the tar archive has no %s but '%s'",
            what,
            text(Arrays.copyOfRange(block, offset, offset + length))));
  }

  private String name() {
    String name = text(Arrays.copyOf(block, NAME_BYTES));
    // GNU's own format keeps other things in the place of the prefix.
    boolean posix = text(Arrays.copyOfRange(block, MAGIC, MAGIC + 6)).equals("ustar");
    String prefix = text(Arrays.copyOfRange(block, PREFIX, PREFIX + PREFIX_BYTES));
    return posix && !prefix.isEmpty() ? prefix + "/" + name : name;
  }

  /** Up to the first zero. */
  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private byte[] header(String name) throws IOException {
    if (left > MOST_HEADER) {
      throw new ZipException("the header " + name + " of the tar archive has " + left + " bytes");
    }
    byte[] contents = archive.readNBytes((int) left);
    if (contents.length < left) {
      throw new EOFException("the archive ends within the header " + name);
    }
    left = 0;
    return contents;
  }

  /** Lines of "length keyword=value". */
  private void readPax(Extended extended) throws IOException {
    byte[] records = header("pax");
    int at = 0;
    while (at < records.length) {
      int blank = at;
      while (blank < records.length && records[blank] != ' ') {
        blank++;
      }
      String digits = new String(records, at, blank - at, StandardCharsets.US_ASCII);
      int length = digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : 0;
      if (length <= blank - at + 1 || length > records.length - at) {
        throw new ZipException("a pax record of the tar archive has the length '" + digits + "'");
      }
      String record =
          new String(records, blank + 1, at + length - blank - 2, StandardCharsets.UTF_8);
      if (record.startsWith("path=")) {
        extended.name = record.substring("path=".length());
      } else if (record.startsWith("size=")) {
        extended.bytes = size(record.substring("size=".length()));
      }
      at += length;
    }
  }

  private static long size(String digits) throws IOException {
    if (!digits.matches("[0-9]{1,18}")) {
      throw new ZipException("a pax record of the tar archive has the size '" + digits + "'");
    }
    return Long.parseLong(digits);
  }

  private static void requireInside(String name) throws IOException {
    boolean outside =
        name.isEmpty()
            || name.startsWith("/")
            || name.indexOf('\\') >= 0
            || name.matches("[A-Za-z]:.*")
            || Arrays.asList(name.split("/", -1)).contains("..");
    if (outside) {
      throw new ZipException(
          "the name '" + name + "' in the tar archive leads out of the folder: not unpacked");
    }
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}

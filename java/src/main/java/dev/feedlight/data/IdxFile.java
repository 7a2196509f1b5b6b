package dev.feedlight.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.ZipException;

/**
 * A file of unsigned bytes in the IDX format of MNIST (Y. LeCun, C. Cortes, C. Burges, "The MNIST
 * database of handwritten digits"): a magic number, the sizes of the dimensions as big-endian
 * 32-bit integers, then the values, last dimension fastest. Images have three dimensions (magic
 * 0x803), labels one (magic 0x801). Files may be plain or gzip; the first two bytes tell, not the
 * name.
 *
 * <p>The whole file is read and held in the heap, one byte a value. The header is checked against
 * the size of the file before anything is allocated, and the file must end exactly where its header
 * says. A gzip file may have several members, as {@code cat} makes them, and nothing else.
 */
public final class IdxFile {
  /** Largest image, in pixels (ours: 4096 x 4096). */
  public static final int MAX_ITEM_BYTES = 1 << 24;

  /** Most bytes that one byte of a deflate stream can stand for (zlib technical details). */
  private static final int MAX_DEFLATE_RATIO = 1032;

  /**
   * Values are kept in blocks of whole items, so that files may exceed 2^31 bytes (ours: 1 MiB).
   */
  private static final int BLOCK_BYTES = 1 << 20;

  private enum Kind {
    IMAGES(0x803, 3, "images"),
    LABELS(0x801, 1, "labels");

    private final int magic;
    private final int dimensions;
    private final String items;

    Kind(int magic, int dimensions, String items) {
      this.magic = magic;
      this.dimensions = dimensions;
      this.items = items;
    }

    private int headerBytes() {
      return Integer.BYTES * (1 + dimensions);
    }

    private String dimension(int i) {
      return switch (i) {
        case 0 -> items;
        case 1 -> "rows";
        default -> "columns";
      };
    }
  }

  private final String name;
  private final long count;
  private final int rows;
  private final int columns;
  private final int itemsPerBlock;
  private final byte[][] blocks;

  private IdxFile(String name, long count, int rows, int columns) {
    this.name = name;
    this.count = count;
    this.rows = rows;
    this.columns = columns;
    this.itemsPerBlock = Math.max(1, BLOCK_BYTES / itemBytes());
    this.blocks = new byte[Math.toIntExact(Math.ceilDiv(count, itemsPerBlock))][];
  }

  /**
   * Reads a file of images.
   *
   * @param file a plain or gzip file
   * @return its images, each {@link #rows()} x {@link #columns()} bytes
   * @throws DataException if the file cannot be read, is damaged, or holds no images
   */
  public static IdxFile readImages(Path file) {
    return read(file, Kind.IMAGES);
  }

  /**
   * Reads a file of labels.
   *
   * @param file a plain or gzip file
   * @return its labels, each one byte
   * @throws DataException if the file cannot be read, is damaged, or holds no labels
   */
  public static IdxFile readLabels(Path file) {
    return read(file, Kind.LABELS);
  }

  /**
   * Reads the contents of a file of images.
   *
   * @param name what messages call it
   * @param contents the plain or gzip file
   * @return its images
   * @throws DataException if it is damaged or holds no images
   */
  public static IdxFile readImages(String name, byte[] contents) {
    return read(name, contents, Kind.IMAGES);
  }

  /**
   * Reads the contents of a file of labels.
   *
   * @param name what messages call it
   * @param contents the plain or gzip file
   * @return its labels
   * @throws DataException if it is damaged or holds no labels
   */
  public static IdxFile readLabels(String name, byte[] contents) {
    return read(name, contents, Kind.LABELS);
  }

  private static IdxFile read(Path file, Kind kind) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, Files.size(file), kind);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  private static IdxFile read(String name, byte[] contents, Kind kind) {
    try (InputStream in = new ByteArrayInputStream(contents)) {
      return read(name, in, contents.length, kind);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static DataException unreadable(String name, IOException e) {
    return new DataException(name + ": cannot be read: " + e, e);
  }

  private static IdxFile read(String name, InputStream stored, long storedBytes, Kind kind)
      throws IOException {
    PushbackInputStream start = new PushbackInputStream(stored, 2);
    byte[] first = start.readNBytes(2);
    start.unread(first);
    boolean gzip = first.length == 2 && first[0] == (byte) 0x1f && first[1] == (byte) 0x8b;
    try (InputStream in = gzip ? new GzipInput(start) : start) {
      IdxFile file = readHeader(name, in, kind);
      file.checkSize(storedBytes, gzip, kind);
      file.readValues(in, kind);
      return file;
    } catch (EOFException e) {
      throw new DataException(
          String.format(
              Locale.ROOT, "%s: its %d bytes break off inside the gzip stream", name, storedBytes),
          e);
    } catch (ZipException e) {
      throw new DataException(name + ": damaged gzip: " + e.getMessage(), e);
    }
  }

  private static IdxFile readHeader(String name, InputStream in, Kind kind) throws IOException {
    byte[] bytes = new byte[kind.headerBytes()];
    readFully(name, in, bytes, 0, bytes.length);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int magic = header.getInt();
    if (magic != kind.magic) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: begins with 0x%08x, but a file of IDX %s begins with 0x%08x",
              name,
              magic,
              kind.items,
              kind.magic));
    }
    int[] sizes = {1, 1, 1};
    for (int i = 0; i < kind.dimensions; i++) {
      sizes[i] = header.getInt();
      if (sizes[i] < 1) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: the header promises %d %s, expected 1 to %d",
                name,
                sizes[i],
                kind.dimension(i),
                Integer.MAX_VALUE));
      }
    }
    if ((long) sizes[1] * sizes[2] > MAX_ITEM_BYTES) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: the header promises images of %d x %d pixels, more than the limit of %d",
              name,
              sizes[1],
              sizes[2],
              MAX_ITEM_BYTES));
    }
    // No product from here on can overflow: at most 2^31 items of 2^24 bytes.
    long heap = Runtime.getRuntime().maxMemory();
    if ((long) sizes[0] * sizes[1] * sizes[2] > heap) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: the header promises %d x %d x %d bytes, more than the JVM's heap of %d (raise"
                  + " -Xmx)",
              name,
              sizes[0],
              sizes[1],
              sizes[2],
              heap));
    }
    return new IdxFile(name, sizes[0], sizes[1], sizes[2]);
  }

  /** Refuses, before values are allocated, what a file of this size cannot hold. */
  private void checkSize(long storedBytes, boolean gzip, Kind kind) {
    long total = kind.headerBytes() + count * itemBytes();
    if (!gzip && total != storedBytes) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: the header promises %d bytes in all (%d x %d x %d and %d of header), the file"
                  + " has %d",
              name,
              total,
              count,
              rows,
              columns,
              kind.headerBytes(),
              storedBytes));
    }
    if (gzip && total / MAX_DEFLATE_RATIO > storedBytes) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: the header promises %d bytes, which %d bytes of gzip cannot hold",
              name,
              total,
              storedBytes));
    }
  }

  private void readValues(InputStream in, Kind kind) throws IOException {
    long position = kind.headerBytes();
    long total = position + count * itemBytes();
    for (int i = 0; i < blocks.length; i++) {
      long items = Math.min(itemsPerBlock, count - (long) i * itemsPerBlock);
      blocks[i] = new byte[Math.toIntExact(items * itemBytes())];
      readFully(name, in, blocks[i], position, total);
      position += blocks[i].length;
    }
    // Reading up to the end also makes gzip compare its checksum.
    if (in.read() >= 0) {
      throw new DataException(
          String.format(
              Locale.ROOT, "%s: goes on after the %d bytes that its header promises", name, total));
    }
  }

  private static void readFully(
      String name, InputStream in, byte[] dst, long position, long totalBytes) throws IOException {
    int done = 0;
    while (done < dst.length) {
      int n;
      try {
        n = in.read(dst, done, dst.length - done);
      } catch (EOFException _) {
        n = -1; // a gzip stream that breaks off
      } catch (ZipException e) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: damaged gzip after %d of %d bytes: %s",
                name,
                position + done,
                totalBytes,
                e.getMessage()),
            e);
      }
      if (n < 0) {
        throw new DataException(
            String.format(
                Locale.ROOT, "%s: ends after %d of %d bytes", name, position + done, totalBytes));
      }
      done += n;
    }
  }

  /**
   * The name that messages use.
   *
   * @return the path, or the name given
   */
  public String name() {
    return name;
  }

  /**
   * The number of images or labels.
   *
   * @return at least 1
   */
  public long count() {
    return count;
  }

  /**
   * The height of an image.
   *
   * @return pixels, at least 1; 1 for labels
   */
  public int rows() {
    return rows;
  }

  /**
   * The width of an image.
   *
   * @return pixels, at least 1; 1 for labels
   */
  public int columns() {
    return columns;
  }

  /**
   * The size of an image or label.
   *
   * @return bytes, at most {@link #MAX_ITEM_BYTES}
   */
  public int itemBytes() {
    return rows * columns;
  }

  /**
   * One value.
   *
   * @param item the image or label
   * @param position row x {@link #columns()} + column; 0 for labels
   * @return 0 to 255
   * @throws IndexOutOfBoundsException if there is no such item or position
   */
  public int value(long item, int position) {
    Objects.checkIndex(item, count);
    Objects.checkIndex(position, itemBytes());
    return block(item)[offset(item) + position] & 0xFF;
  }

  /** The block that holds an item, which starts at {@link #offset} in it. */
  byte[] block(long item) {
    return blocks[(int) (item / itemsPerBlock)];
  }

  int offset(long item) {
    return (int) (item % itemsPerBlock) * itemBytes();
  }

  /** How often each of the 256 byte values occurs. */
  long[] histogram() {
    long[] counts = new long[256];
    for (byte[] block : blocks) {
      for (byte value : block) {
        counts[value & 0xFF]++;
      }
    }
    return counts;
  }
}

package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the central directory of a zip file and holds every local header against it. Strict where
 * readers differ: no comment behind the archive, one directory that ends where the end record
 * begins, entries that do not overlap, names that are ASCII or marked as UTF-8, no encryption.
 *
 * <p>{@code java.util.zip.ZipFile} needs a file of the default file system, and {@code
 * ZipInputStream} never sees the directory.
 */
final class ZipDirectory {
  /** Largest directory, in bytes (ours: that of a safetensors header). */
  private static final long MAX_BYTES = SafetensorsFile.MAX_HEADER_BYTES;

  private final String source;
  private final SeekableByteChannel channel;
  private final ByteSource in;
  private final long fileBytes;

  /**
   * One file in the archive.
   *
   * @param name as it is written there
   * @param deflated whether it is compressed
   * @param crc of the bytes, CRC-32
   * @param compressedBytes what it takes in the archive
   * @param bytes its size
   * @param start where its bytes begin in the archive
   */
  record Entry(
      String name, boolean deflated, long crc, long compressedBytes, long bytes, long start) {}

  /** The bounds of the directory. */
  private record Bounds(long start, long bytes, long entries) {}

  /** An entry as the directory has it. */
  private record Central(
      ByteBuffer name, int flags, int method, long crc, long compressed, long bytes, long local) {}

  private ZipDirectory(String source, SeekableByteChannel channel) throws IOException {
    this.source = source;
    this.channel = channel;
    this.in = ByteSource.of(channel, source);
    this.fileBytes = channel.size();
  }

  /**
   * Reads the directory.
   *
   * @return entries in the order of their bytes
   */
  static List<Entry> read(SeekableByteChannel channel, String source) throws IOException {
    return new ZipDirectory(source, channel).read();
  }

  private List<Entry> read() throws IOException {
    Bounds bounds = bounds();
    List<Central> centrals = new ArrayList<>();
    ByteBuffer directory = at(bounds.start(), bounds.bytes());
    for (long i = 0; i < bounds.entries(); i++) {
      centrals.add(central(directory));
    }
    if (directory.hasRemaining()) {
      throw fault(
          "its directory goes on for "
              + directory.remaining()
              + " bytes after its "
              + bounds.entries()
              + " entries");
    }
    centrals.sort(Comparator.comparingLong(Central::local));
    List<Entry> entries = new ArrayList<>();
    long free = 0;
    for (Central central : centrals) {
      Entry entry = entry(central, free, bounds.start());
      entries.add(entry);
      free = entry.start() + entry.compressedBytes();
    }
    return entries;
  }

  private Bounds bounds() throws IOException {
    if (fileBytes < Zip.END_BYTES) {
      throw fault("has " + fileBytes + " bytes, a zip file at least " + Zip.END_BYTES);
    }
    long endStart = fileBytes - Zip.END_BYTES;
    ByteBuffer end = at(endStart, Zip.END_BYTES);
    if (end.getInt() != Zip.END) {
      throw fault("does not end as a zip file without a comment");
    }
    int disk = u16(end);
    int directoryDisk = u16(end);
    long entriesHere = u16(end);
    long entries = u16(end);
    long bytes = u32(end);
    long start = u32(end);
    int comment = u16(end);
    if (disk != 0 || directoryDisk != 0 || entriesHere != entries || comment != 0) {
      throw fault("is one part of several, or has a comment");
    }
    Bounds bounds = new Bounds(start, bytes, entries);
    if (entries == Zip.MAX_16 || bytes == Zip.MAX_32 || start == Zip.MAX_32) {
      endStart = zip64End(endStart);
      bounds = zip64Bounds(endStart);
    }
    if (bounds.start() < 0
        || bounds.bytes() < 0
        || bounds.bytes() > Math.min(MAX_BYTES, endStart)
        || bounds.start() != endStart - bounds.bytes()) {
      throw fault(
          "promises a directory of "
              + Long.toUnsignedString(bounds.bytes())
              + " bytes at "
              + Long.toUnsignedString(bounds.start())
              + " that must end at "
              + endStart
              + "; the limit is "
              + MAX_BYTES);
    }
    if (bounds.entries() < 0 || bounds.entries() > bounds.bytes() / Zip.CENTRAL_HEADER_BYTES) {
      throw fault(
          "promises "
              + Long.toUnsignedString(bounds.entries())
              + " entries in a directory of "
              + bounds.bytes()
              + " bytes");
    }
    return bounds;
  }

  private long zip64End(long endStart) throws IOException {
    long locatorStart = endStart - Zip.ZIP64_LOCATOR_BYTES;
    if (locatorStart < Zip.ZIP64_END_BYTES) {
      throw fault("needs a zip64 end record and has no room for it");
    }
    ByteBuffer locator = at(locatorStart, Zip.ZIP64_LOCATOR_BYTES);
    boolean sound = locator.getInt() == Zip.ZIP64_LOCATOR && locator.getInt() == 0;
    long zip64Start = locator.getLong();
    sound &= locator.getInt() == 1 && zip64Start == locatorStart - Zip.ZIP64_END_BYTES;
    if (!sound) {
      throw fault("needs a zip64 end record before byte " + endStart + " and has none");
    }
    return zip64Start;
  }

  private Bounds zip64Bounds(long zip64Start) throws IOException {
    ByteBuffer end = at(zip64Start, Zip.ZIP64_END_BYTES);
    int signature = end.getInt();
    long length = end.getLong();
    end.getInt(); // versions
    int disk = end.getInt();
    int directoryDisk = end.getInt();
    long entriesHere = end.getLong();
    long entries = end.getLong();
    long bytes = end.getLong();
    long start = end.getLong();
    if (signature != Zip.ZIP64_END
        || length != Zip.ZIP64_END_BYTES - 12
        || disk != 0
        || directoryDisk != 0
        || entriesHere != entries) {
      throw fault("has a zip64 end record that is none of a single file");
    }
    return new Bounds(start, bytes, entries);
  }

  private Central central(ByteBuffer directory) {
    if (directory.remaining() < Zip.CENTRAL_HEADER_BYTES
        || directory.getInt() != Zip.CENTRAL_HEADER) {
      throw fault("its directory breaks off or is damaged");
    }
    directory.getInt(); // versions
    int flags = u16(directory);
    int method = u16(directory);
    directory.getInt(); // time and date
    long crc = u32(directory);
    long compressed = u32(directory);
    long bytes = u32(directory);
    int nameBytes = u16(directory);
    int extraBytes = u16(directory);
    int commentBytes = u16(directory);
    int disk = u16(directory);
    u16(directory); // internal attributes
    directory.getInt(); // external attributes
    long local = u32(directory);
    if (disk != 0 || nameBytes + extraBytes + commentBytes > directory.remaining()) {
      throw fault("its directory breaks off or is damaged");
    }
    ByteBuffer name = slice(directory, nameBytes);
    ByteBuffer extra = zip64Extra(slice(directory, extraBytes));
    bytes = wide(bytes, extra);
    compressed = wide(compressed, extra);
    local = wide(local, extra);
    slice(directory, commentBytes);
    return new Central(name, flags, method, crc, compressed, bytes, local);
  }

  /** Reads the local header and holds it against the directory. */
  private Entry entry(Central central, long free, long end) throws IOException {
    String name = name(central);
    int known = Zip.FLAG_EFFORT | Zip.FLAG_DESCRIPTOR | Zip.FLAG_UTF8;
    if ((central.flags() & ~known) != 0) {
      throw fault("entry " + name + " has flags " + central.flags() + ": encrypted, or unknown");
    }
    if (central.method() != Zip.STORED && central.method() != Zip.DEFLATED) {
      throw fault("entry " + name + " is compressed by the unknown method " + central.method());
    }
    requireInside(name, central.local(), Zip.LOCAL_HEADER_BYTES, free, end);
    ByteBuffer local = at(central.local(), Zip.LOCAL_HEADER_BYTES);
    int signature = local.getInt();
    u16(local); // version
    int flags = u16(local);
    int method = u16(local);
    local.getInt(); // time and date
    long crc = u32(local);
    long compressed = u32(local);
    long bytes = u32(local);
    int nameBytes = u16(local);
    int extraBytes = u16(local);
    long rest = central.local() + Zip.LOCAL_HEADER_BYTES;
    requireInside(name, rest, nameBytes + extraBytes, free, end);
    ByteBuffer tail = at(rest, nameBytes + extraBytes);
    boolean same =
        signature == Zip.LOCAL_HEADER
            && flags == central.flags()
            && method == central.method()
            && slice(tail, nameBytes).equals(central.name());
    if ((flags & Zip.FLAG_DESCRIPTOR) == 0) {
      ByteBuffer extra = zip64Extra(tail);
      bytes = wide(bytes, extra);
      compressed = wide(compressed, extra);
      same &=
          crc == central.crc() && bytes == central.bytes() && compressed == central.compressed();
    }
    if (!same) {
      throw fault("entry " + name + " is not what the directory says of it");
    }
    long start = rest + nameBytes + extraBytes;
    requireInside(name, start, central.compressed(), free, end);
    boolean deflated = method == Zip.DEFLATED;
    boolean possible =
        deflated
            ? central.bytes() / Zip.MAX_DEFLATE_RATIO <= central.compressed()
            : central.bytes() == central.compressed();
    if (!possible || central.bytes() < 0) {
      throw fault(
          "entry "
              + name
              + " promises "
              + Long.toUnsignedString(central.bytes())
              + " bytes, which "
              + central.compressed()
              + " bytes of the file cannot hold");
    }
    return new Entry(name, deflated, central.crc(), central.compressed(), central.bytes(), start);
  }

  private String name(Central central) {
    boolean utf8 = (central.flags() & Zip.FLAG_UTF8) != 0;
    Charset charset = utf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    try {
      return charset.newDecoder().decode(central.name().duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(source, "has a name that is not " + charset, e);
    }
  }

  private void requireInside(String name, long start, long bytes, long free, long end) {
    if (start < free || bytes < 0 || bytes > end - start) {
      throw fault(
          "entry "
              + name
              + " takes "
              + Long.toUnsignedString(bytes)
              + " bytes from "
              + Long.toUnsignedString(start)
              + ", but what is free goes from "
              + free
              + " to "
              + end);
    }
  }

  /** The numbers of 64 bits among the extra fields; empty if there are none. */
  private ByteBuffer zip64Extra(ByteBuffer extra) {
    ByteBuffer zip64 = ByteBuffer.allocate(0);
    while (extra.remaining() >= 4) {
      int id = u16(extra);
      int bytes = u16(extra);
      if (bytes > extra.remaining()) {
        throw fault("has an extra field of " + bytes + " bytes with " + extra.remaining());
      }
      ByteBuffer field = slice(extra, bytes);
      if (id == Zip.ZIP64_EXTRA) {
        zip64 = field;
      }
    }
    return zip64;
  }

  private long wide(long value, ByteBuffer zip64) {
    if (value != Zip.MAX_32) {
      return value;
    }
    if (zip64.remaining() < Long.BYTES) {
      throw fault("lacks a number of 64 bits in an extra field");
    }
    return zip64.getLong();
  }

  private ByteBuffer at(long position, long bytes) throws IOException {
    channel.position(position);
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    in.fill(buffer);
    return buffer.flip();
  }

  private static ByteBuffer slice(ByteBuffer buffer, int bytes) {
    ByteBuffer slice = buffer.slice(buffer.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(buffer.position() + bytes);
    return slice;
  }

  private static int u16(ByteBuffer buffer) {
    return Short.toUnsignedInt(buffer.getShort());
  }

  private static long u32(ByteBuffer buffer) {
    return Integer.toUnsignedLong(buffer.getInt());
  }

  private FormatException fault(String problem) {
    return new FormatException(source, problem);
  }
}

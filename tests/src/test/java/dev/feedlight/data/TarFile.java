package dev.feedlight.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Writes tar archives, sound ones and others, header by header. */
final class TarFile {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A plain file. */
  TarFile file(String name, byte[] contents) {
    return entry(name, '0', contents.length, contents);
  }

  /** Any header, whose size may be a lie, and what stands behind it, filled up to whole blocks. */
  TarFile entry(String name, char type, long size, byte[] contents) {
    return header(name, type, String.format("%011o\0", size).getBytes(StandardCharsets.US_ASCII))
        .raw(contents)
        .raw(new byte[(512 - contents.length % 512) % 512]);
  }

  /** A header with any bytes as its size. */
  TarFile header(String name, char type, byte[] size) {
    byte[] block = new byte[512];
    put(block, 0, name.getBytes(StandardCharsets.UTF_8));
    put(block, 100, "0000644\0".getBytes(StandardCharsets.US_ASCII));
    put(block, 124, size);
    block[156] = (byte) type;
    put(block, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte value : block) {
      sum += value & 0xFF;
    }
    put(block, 148, String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
    return raw(block);
  }

  /** A pax header for what follows. */
  TarFile pax(String keyword, String value) {
    String rest = " " + keyword + "=" + value + "\n";
    int length = rest.length() + 2;
    length = rest.length() + String.valueOf(length).length();
    byte[] record = (length + rest).getBytes(StandardCharsets.UTF_8);
    return entry("PaxHeaders/x", 'x', record.length, record);
  }

  TarFile raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private static void put(byte[] block, int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  /** Ended by two empty blocks. */
  byte[] bytes() {
    return Arrays.copyOf(out.toByteArray(), out.size() + 1024);
  }

  byte[] gzip() throws Exception {
    return gzip(bytes());
  }

  static byte[] gzip(byte[] bytes) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }
}

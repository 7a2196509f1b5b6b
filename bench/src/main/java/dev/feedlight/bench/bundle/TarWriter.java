package dev.feedlight.bench.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a compressed tar archive in the format of POSIX.1-1988 (ustar). Times are fixed and owners
 * are 0, so that the same files give the same bytes.
 */
final class TarWriter {
  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int PREFIX_BYTES = 155;
  private static final char FILE = '0';
  private static final char LINK = '2';
  private static final char FOLDER = '5';

  private final GZIPOutputStream out;
  private final Instant time;

  /**
   * Begins an archive.
   *
   * @param out takes it; stays open
   * @param time of all its entries
   */
  TarWriter(GZIPOutputStream out, Instant time) {
    this.out = out;
    this.time = time;
  }

  /**
   * Adds a folder with all that it holds, in the order of names. Modes are those of the files as
   * far as they can be run or not; links stay links.
   *
   * @param name in the archive
   * @param folder on the disk
   * @throws IOException if something cannot be read or written
   */
  void addTree(String name, Path folder) throws IOException {
    folder(name);
    List<Path> children;
    try (Stream<Path> list = Files.list(folder)) {
      children = list.sorted().toList();
    }
    for (Path child : children) {
      String childName = name + "/" + child.getFileName();
      if (Files.isSymbolicLink(child)) {
        header(childName, LINK, 0777, 0, Files.readSymbolicLink(child).toString());
      } else if (Files.isDirectory(child)) {
        addTree(childName, child);
      } else {
        addFile(childName, child);
      }
    }
  }

  private void folder(String name) throws IOException {
    header(name + "/", FOLDER, 0755, 0, "");
  }

  private void addFile(String name, Path file) throws IOException {
    long size = Files.size(file);
    header(name, FILE, Files.isExecutable(file) ? 0755 : 0644, size, "");
    long copied;
    try (InputStream in = Files.newInputStream(file)) {
      copied = in.transferTo(out);
    }
    if (copied != size) {
      throw new IOException(file + " changed from " + size + " to " + copied + " bytes");
    }
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  private void header(String name, char type, int mode, long size, String link) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    int cut = path.length <= NAME_BYTES ? 0 : cut(path);
    byte[] target = link.getBytes(StandardCharsets.UTF_8);
    if (cut < 0 || target.length > NAME_BYTES) {
      throw new IOException("too long for a tar archive: " + name + " " + link);
    }
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    int start = cut == 0 ? 0 : cut + 1;
    block.put(0, path, start, path.length - start);
    octal(block, 100, 8, mode);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, size);
    octal(block, 136, 12, time.getEpochSecond());
    block.put(156, (byte) type);
    block.put(157, target);
    block.put(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    block.put(345, path, 0, cut);
    // The sum is taken with blanks in its own place.
    block.put(148, "        ".getBytes(StandardCharsets.US_ASCII));
    int sum = 0;
    for (byte value : block.array()) {
      sum += Byte.toUnsignedInt(value);
    }
    octal(block, 148, 7, sum);
    out.write(block.array());
  }

  /** The slash that leaves what fits on either side of it; -1 if there is none. */
  private static int cut(byte[] path) {
    for (int i = Math.min(PREFIX_BYTES, path.length - 2); i > 0; i--) {
      if (path[i] == '/' && path.length - i - 1 <= NAME_BYTES) {
        return i;
      }
    }
    return -1;
  }

  private static void octal(ByteBuffer block, int offset, int bytes, long value) {
    String digits = Long.toOctalString(value);
    String padded = "0".repeat(Math.max(0, bytes - 1 - digits.length())) + digits;
    block.put(offset, padded.getBytes(StandardCharsets.US_ASCII));
    block.put(offset + padded.length(), (byte) 0);
  }

  /** Ends the archive; the stream below stays open. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.finish();
  }
}

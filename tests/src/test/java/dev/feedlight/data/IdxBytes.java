package dev.feedlight.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes IDX files for tests. */
final class IdxBytes {
  private IdxBytes() {}

  /** A file of the given header words, with {@code values} counting 0, 1, 2 ... modulo 256. */
  static byte[] file(int values, int... header) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * header.length + values);
    for (int word : header) {
      bytes.putInt(word);
    }
    for (int i = 0; i < values; i++) {
      bytes.put((byte) i);
    }
    return bytes.array();
  }

  static byte[] images(int count, int rows, int columns) {
    return file(count * rows * columns, 0x803, count, rows, columns);
  }

  static byte[] labels(int... labels) {
    byte[] bytes = file(labels.length, 0x801, labels.length);
    for (int i = 0; i < labels.length; i++) {
      bytes[8 + i] = (byte) labels[i];
    }
    return bytes;
  }

  static byte[] gzip(byte[] contents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(contents);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes a small sound data set: 3 training and 2 test images of 2 x 3 pixels. */
  static void writeSet(Path directory) throws IOException {
    Files.write(directory.resolve("train-images-idx3-ubyte"), images(3, 2, 3));
    Files.write(directory.resolve("train-labels-idx1-ubyte.gz"), gzip(labels(0, 9, 4)));
    Files.write(directory.resolve("t10k-images-idx3-ubyte.gz"), gzip(images(2, 2, 3)));
    Files.write(directory.resolve("t10k-labels-idx1-ubyte"), labels(1, 2));
  }
}

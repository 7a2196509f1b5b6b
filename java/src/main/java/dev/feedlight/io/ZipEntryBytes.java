package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The bytes of one entry of a zip file, exactly as many as the directory says: never is more
 * inflated than that, however long the stream goes on.
 */
final class ZipEntryBytes implements ByteSource, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 13;

  private final String source;
  private final SeekableByteChannel channel;
  private final ZipDirectory.Entry entry;
  private final Inflater inflater;
  private final ByteBuffer compressed;
  private final CRC32 crc = new CRC32();
  private long compressedLeft;
  private long left;

  /** Starts at the entry's first byte; nobody else may move the channel meanwhile. */
  ZipEntryBytes(String source, SeekableByteChannel channel, ZipDirectory.Entry entry)
      throws IOException {
    this.source = source + ", entry " + entry.name();
    this.channel = channel;
    this.entry = entry;
    this.compressedLeft = entry.compressedBytes();
    this.left = entry.bytes();
    this.compressed =
        ByteBuffer.allocate(
            entry.deflated() ? (int) Math.min(entry.compressedBytes(), BUFFER_BYTES) : 0);
    channel.position(entry.start());
    this.inflater = entry.deflated() ? new Inflater(true) : null;
  }

  @Override
  public void fill(ByteBuffer buffer) throws IOException {
    if (buffer.remaining() > left) {
      throw new FormatException(
          source, "has " + left + " bytes left where " + buffer.remaining() + " are needed");
    }
    left -= buffer.remaining();
    int start = buffer.position();
    if (inflater == null) {
      ByteSource.of(channel, source).fill(buffer);
    } else {
      while (buffer.hasRemaining()) {
        inflate(buffer);
      }
    }
    crc.update(buffer.slice(start, buffer.position() - start));
  }

  private void inflate(ByteBuffer buffer) throws IOException {
    try {
      if (inflater.inflate(buffer) > 0) {
        return;
      }
    } catch (DataFormatException e) {
      throw new FormatException(source, "is damaged: " + e.getMessage(), e);
    }
    if (inflater.finished() || inflater.needsDictionary() || compressedLeft == 0) {
      throw new FormatException(
          source, "ends " + (left + buffer.remaining()) + " of " + entry.bytes() + " bytes early");
    }
    compressed.clear().limit((int) Math.min(compressed.capacity(), compressedLeft));
    ByteSource.of(channel, source).fill(compressed);
    compressedLeft -= compressed.flip().remaining();
    inflater.setInput(compressed);
  }

  /** Refuses an entry that has more bytes than the directory says, or others. */
  void requireEnd() throws IOException {
    if (inflater != null) {
      requireStreamEnd();
    }
    if (left != 0 || crc.getValue() != entry.crc()) {
      throw new FormatException(
          source,
          String.format(
              Locale.ROOT,
              "has %d bytes too many, or is damaged: its checksum is %08x, not %08x",
              left,
              crc.getValue(),
              entry.crc()));
    }
  }

  private void requireStreamEnd() throws IOException {
    ByteBuffer beyond = ByteBuffer.allocate(1);
    try {
      // The end of the stream may be in input that has not been taken yet.
      while (!inflater.finished() && inflater.inflate(beyond) == 0 && compressedLeft > 0) {
        compressed.clear().limit((int) Math.min(compressed.capacity(), compressedLeft));
        ByteSource.of(channel, source).fill(compressed);
        compressedLeft -= compressed.flip().remaining();
        inflater.setInput(compressed);
      }
    } catch (DataFormatException e) {
      throw new FormatException(source, "is damaged: " + e.getMessage(), e);
    }
    if (beyond.position() > 0
        || !inflater.finished()
        || compressedLeft > 0
        || inflater.getRemaining() > 0) {
      throw new FormatException(
          source, "does not end after the " + entry.bytes() + " bytes that it promises");
    }
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
    }
  }
}

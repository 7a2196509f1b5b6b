package dev.feedlight.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The contents of a gzip file (RFC 1952), of one member or several, which must end where the last
 * member ends. {@code GZIPInputStream} takes whatever follows a member and is none itself for the
 * end of the file, so that a damaged second member or appended bytes go unseen.
 */
public final class GzipInput extends InputStream {
  private static final int BUFFER_BYTES = 1 << 13;
  private static final int HEADER_CHECKSUM = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int KNOWN_FLAGS = 0b11111;
  private static final int DEFLATE = 8;

  private final InputStream stored;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final byte[] one = new byte[1];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 contentsSum = new CRC32();
  private final CRC32 headerSum = new CRC32();
  private int at;
  private int end;
  private boolean inMember;

  /**
   * Reads the header of the first member.
   *
   * @param stored the file, closed with this
   * @throws IOException if it cannot be read or has no such header
   */
  public GzipInput(InputStream stored) throws IOException {
    this.stored = stored;
    boolean started = false;
    try {
      if (atEnd()) {
        throw new EOFException("no gzip member");
      }
      readHeader();
      started = true;
    } finally {
      if (!started) {
        inflater.end();
      }
    }
  }

  @Override
  public int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inMember) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        contentsSum.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        at = end - inflater.getRemaining();
        readTrailer();
        inMember = false;
        if (!atEnd()) {
          readHeader();
        }
      } else if (inflater.needsDictionary()) {
        throw new ZipException("needs a preset dictionary");
      } else {
        at = end;
        if (atEnd()) {
          throw new EOFException("inside of the deflate stream");
        }
        inflater.setInput(buffer, at, end - at);
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws ZipException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      ZipException damaged = new ZipException(e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
  }

  private void readHeader() throws IOException {
    headerSum.reset();
    int magic = next() | next() << 8;
    int method = next();
    int flags = next();
    if (magic != 0x8b1f || method != DEFLATE || (flags & ~KNOWN_FLAGS) != 0) {
      throw new ZipException(
          String.format(
              Locale.ROOT,
              "no header of a gzip member: magic %04x, method %d, flags %02x",
              magic,
              method,
              flags));
    }
    skip(6); // time, effort, system
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & NAME) != 0) {
      skipString();
    }
    if ((flags & COMMENT) != 0) {
      skipString();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      int expected = (int) headerSum.getValue() & 0xFFFF;
      int written = next() | next() << 8;
      if (written != expected) {
        throw new ZipException("a gzip header whose checksum is wrong");
      }
    }
    contentsSum.reset();
    inflater.reset();
    inflater.setInput(buffer, at, end - at);
    inMember = true;
  }

  private void readTrailer() throws IOException {
    long sum = nextInt();
    long length = nextInt();
    if (sum != contentsSum.getValue()) {
      throw new ZipException(
          String.format(Locale.ROOT, "checksum %08x, not %08x", contentsSum.getValue(), sum));
    }
    if (length != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new ZipException(inflater.getBytesWritten() + " bytes, not " + length + " modulo 2^32");
    }
  }

  private long nextInt() throws IOException {
    return (next() | next() << 8 | next() << 16 | (long) next() << 24) & 0xFFFF_FFFFL;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipString() throws IOException {
    while (next() != 0) {
      // Up to the zero at its end.
    }
  }

  private int next() throws IOException {
    if (atEnd()) {
      throw new EOFException("inside of a gzip header or trailer");
    }
    int value = buffer[at++] & 0xFF;
    headerSum.update(value);
    return value;
  }

  /** Whether the file has no further byte; reads ahead to find out. */
  private boolean atEnd() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, stored.read(buffer, 0, buffer.length));
    }
    return at == end;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    stored.close();
  }
}

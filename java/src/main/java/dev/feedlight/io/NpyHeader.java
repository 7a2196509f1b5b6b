package dev.feedlight.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The start of a npy file (numpy.lib.format): magic, version 1.0, 2.0 or 3.0, length, and a Python
 * dictionary of {@code descr}, {@code fortran_order} and {@code shape}, padded with blanks and a
 * line feed.
 *
 * @param type element type
 * @param order of the bytes of one element
 * @param fortran whether the first index is the fastest
 * @param extents sizes of the dimensions
 * @param bytes of the whole header, from the magic to the line feed
 */
record NpyHeader(StoredType type, ByteOrder order, boolean fortran, List<Long> extents, int bytes) {
  /** Longest dictionary, in bytes (ours; NumPy's own are 118 up to some ten dimensions). */
  static final int MAX_DICTIONARY_BYTES = 1 << 16;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** NumPy lets the data begin at a multiple of this. */
  private static final int ALIGNMENT = 64;

  /**
   * Reads a header and checks it against the length of the file.
   *
   * @param in the file from its first byte
   * @param fileBytes the length of the file
   * @param source for messages
   * @throws FormatException if anything is wrong, or the elements do not end where the file ends
   */
  static NpyHeader read(ByteSource in, long fileBytes, String source) throws IOException {
    byte[] start = new byte[MAGIC.length + 2];
    requireRoom(start.length + Short.BYTES, fileBytes, source);
    in.fill(ByteBuffer.wrap(start));
    int major = start[MAGIC.length];
    int minor = start[MAGIC.length + 1];
    if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new FormatException(source, "does not begin as a npy file");
    }
    if (major < 1 || major > 3 || minor != 0) {
      throw new FormatException(
          source, "is npy of version " + major + "." + minor + ", not 1.0, 2.0 or 3.0");
    }
    int lengthBytes = major == 1 ? Short.BYTES : Integer.BYTES;
    requireRoom(start.length + lengthBytes, fileBytes, source);
    ByteBuffer length = ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    in.fill(length);
    long dictionaryBytes =
        major == 1
            ? Short.toUnsignedLong(length.getShort(0))
            : Integer.toUnsignedLong(length.getInt(0));
    if (dictionaryBytes > MAX_DICTIONARY_BYTES) {
      throw new FormatException(
          source,
          "promises a header of "
              + dictionaryBytes
              + " bytes, more than the limit of "
              + MAX_DICTIONARY_BYTES);
    }
    int bytes = start.length + lengthBytes + (int) dictionaryBytes;
    requireRoom(bytes, fileBytes, source);
    byte[] dictionary = new byte[(int) dictionaryBytes];
    in.fill(ByteBuffer.wrap(dictionary));
    NpyHeader header =
        new NpyDictionary(
                text(
                    dictionary,
                    major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII,
                    source),
                source)
            .header(bytes);
    requireExact(header, fileBytes, source);
    return header;
  }

  private static void requireRoom(long bytes, long fileBytes, String source) {
    if (bytes > fileBytes) {
      throw new FormatException(
          source, "has " + fileBytes + " bytes, but its header needs at least " + bytes);
    }
  }

  private static void requireExact(NpyHeader header, long fileBytes, String source) {
    long elementBytes = TensorInfo.bytesOf(header.extents, header.type);
    if (elementBytes != fileBytes - header.bytes) {
      throw new FormatException(
          source,
          (elementBytes < 0 ? "more bytes than can be counted" : elementBytes + " bytes")
              + " are promised by "
              + header.type
              + header.extents
              + ", "
              + (fileBytes - header.bytes)
              + " are there");
    }
  }

  private static String text(byte[] bytes, Charset charset, String source) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(source, "its header is not " + charset, e);
    }
  }

  /** The elements behind this header, which must fit an array. */
  Elements elements(ByteSource in, String source) {
    return new Elements(
        in,
        order,
        type,
        source,
        fortran && extents.size() > 1 && !extents.contains(0L) ? new ColumnMajor(extents) : null,
        TensorInfo.bytesOf(extents, type));
  }

  /** What NumPy writes for a tensor in row-major order, little endian, version 1.0. */
  static byte[] write(TensorInfo info) {
    StringBuilder shape = new StringBuilder();
    for (long extent : info.extents()) {
      shape.append(shape.isEmpty() ? "" : " ").append(extent).append(',');
    }
    if (info.extents().size() > 1) {
      shape.setLength(shape.length() - 1);
    }
    String dictionary =
        "{'descr': '"
            + descr(info.type())
            + "', 'fortran_order': False, 'shape': ("
            + shape
            + "), }";
    int fixed = MAGIC.length + 2 + Short.BYTES;
    int total = Math.ceilDiv(fixed + dictionary.length() + 1, ALIGNMENT) * ALIGNMENT;
    ByteBuffer bytes = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - fixed));
    bytes.put(dictionary.getBytes(StandardCharsets.US_ASCII));
    while (bytes.position() < total - 1) {
      bytes.put((byte) ' ');
    }
    return bytes.put((byte) '\n').array();
  }

  private static String descr(StoredType type) {
    String code = NpyDictionary.code(type);
    if (code == null) {
      throw new IllegalArgumentException("NumPy has no type for " + type);
    }
    return (type.bytes() == 1 ? "|" : "<") + code;
  }
}

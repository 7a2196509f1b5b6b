package dev.feedlight.io;

/** Numbers of the zip format (PKWARE, APPNOTE.TXT 6.3), in the order of their chapters. */
final class Zip {
  static final int LOCAL_HEADER = 0x04034b50;
  static final int LOCAL_HEADER_BYTES = 30;

  /** Where a local header has the checksum. */
  static final int LOCAL_CRC_OFFSET = 14;

  static final int CENTRAL_HEADER = 0x02014b50;
  static final int CENTRAL_HEADER_BYTES = 46;
  static final int ZIP64_END = 0x06064b50;
  static final int ZIP64_END_BYTES = 56;
  static final int ZIP64_LOCATOR = 0x07064b50;
  static final int ZIP64_LOCATOR_BYTES = 20;
  static final int END = 0x06054b50;
  static final int END_BYTES = 22;

  /** Says that the number is in the zip64 extra field or record. */
  static final long MAX_32 = 0xFFFF_FFFFL;

  /** The same for counts of 16 bits. */
  static final int MAX_16 = 0xFFFF;

  /** The extra field with numbers of 64 bits. */
  static final int ZIP64_EXTRA = 1;

  static final int STORED = 0;
  static final int DEFLATED = 8;

  /** Bits 1 and 2: how hard the writer tried. */
  static final int FLAG_EFFORT = 0b110;

  /** Bit 3: sizes and checksum follow the data and are not in the local header. */
  static final int FLAG_DESCRIPTOR = 1 << 3;

  /** Bit 11: names are UTF-8. */
  static final int FLAG_UTF8 = 1 << 11;

  /** Midnight of 1 January 1980, the first day that the format knows. */
  static final int FIRST_DATE = 1 << 5 | 1;

  /** Most bytes that one byte of a deflate stream can stand for (zlib technical details). */
  static final int MAX_DEFLATE_RATIO = 1032;

  private Zip() {}
}

package dev.feedlight.tensor;

/** Element types. */
public enum DType {
  /** IEEE 754 single precision. */
  F32(4),
  /** Signed byte; ternary values and the components of a transmission matrix. */
  S8(1),
  /** Signed 32-bit integer; labels, counts and optical fields. */
  S32(4),
  /** Unsigned byte; mirror patterns (0/1) and camera counts up to 8 bits. */
  U8(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Size of one element.
   *
   * @return bytes
   */
  public int bytes() {
    return bytes;
  }
}

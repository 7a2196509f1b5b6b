package dev.feedlight.io;

import dev.feedlight.tensor.DType;

/**
 * Element types that a file can hold, by their names in safetensors. Feedlight writes those of
 * {@link DType}; {@link SafetensorsFile} and {@link NpzFile} say which others they convert.
 */
public enum StoredType {
  /** A byte that is 0 or 1. */
  BOOL(1),
  /** Unsigned byte. */
  U8(1),
  /** Signed byte. */
  I8(1),
  /** 8-bit float, 4 bits of exponent. */
  F8_E4M3(1),
  /** 8-bit float, 5 bits of exponent. */
  F8_E5M2(1),
  /** 8-bit scale, exponent alone. */
  F8_E8M0(1),
  /** Signed 16-bit integer. */
  I16(2),
  /** Unsigned 16-bit integer. */
  U16(2),
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper half of an {@link #F32}. */
  BF16(2),
  /** Signed 32-bit integer. */
  I32(4),
  /** Unsigned 32-bit integer. */
  U32(4),
  /** IEEE 754 single precision. */
  F32(4),
  /** Two {@link #F32}: real and imaginary part. */
  C64(8),
  /** IEEE 754 double precision. */
  F64(8),
  /** Signed 64-bit integer. */
  I64(8),
  /** Unsigned 64-bit integer. */
  U64(8);

  private final int bytes;

  StoredType(int bytes) {
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

  /**
   * Whether elements can be read as floats.
   *
   * @return true for F16, BF16, F32 and F64
   */
  public boolean isFloat() {
    return switch (this) {
      case F16, BF16, F32, F64 -> true;
      default -> false;
    };
  }

  /**
   * The type that holds a tensor's elements exactly.
   *
   * @param dtype the tensor's
   * @return the file's
   */
  public static StoredType of(DType dtype) {
    return switch (dtype) {
      case F32 -> F32;
      case S8 -> I8;
      case S32 -> I32;
      case U8 -> U8;
    };
  }
}

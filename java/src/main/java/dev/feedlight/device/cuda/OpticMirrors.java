package dev.feedlight.device.cuda;

/** Which fields of a pattern are wanted. */
enum OpticMirrors {
  /** That of the positive and that of the negative mirrors, apart. */
  APART,
  /**
   * That of the pattern with its signs, in place of the positive one. Fields that are rounded sums
   * of a matrix's entries have it only for patterns without negative mirrors.
   */
  SIGNED
}

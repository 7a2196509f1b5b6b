package dev.feedlight.device.cuda;

/** Which fields of a pattern are wanted. */
enum OpticMirrors {
  /** That of the positive mirrors alone. */
  POSITIVE,
  /** That of the positive and that of the negative ones, apart. */
  BOTH,
  /** That of the pattern with its signs, in place of the positive one; structured media only. */
  SIGNED
}

package dev.feedlight.device.cpu;

/** Which mirrors of a ternary row are lit. */
enum Mirrors {
  /** All that are not 0, with their sign. */
  SIGNED(Byte.MIN_VALUE, Byte.MAX_VALUE, 0),
  /** P: those of the positive elements. */
  POSITIVE(0, Byte.MAX_VALUE, 0),
  /** N: those of the negative elements. */
  NEGATIVE(Byte.MIN_VALUE, 0, -1);

  private final byte lowest;
  private final byte highest;
  private final long flips;

  Mirrors(int lowest, int highest, long flips) {
    this.lowest = (byte) lowest;
    this.highest = (byte) highest;
    this.flips = flips;
  }

  /** Elements below count as this. */
  byte lowest() {
    return lowest;
  }

  /** Elements above count as this. */
  byte highest() {
    return highest;
  }

  /** All bits set where the elements are negated afterwards, none otherwise. */
  long flips() {
    return flips;
  }
}

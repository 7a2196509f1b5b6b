package dev.feedlight.device;

/**
 * Device memory that a part will take, known before it is made. What kernels keep for themselves is
 * not counted.
 *
 * @param keptBytes allocated as long as the part is open
 * @param peakBytes most bytes at once, those that are kept included: more where something is
 *     allocated for a while only
 */
public record MemoryNeed(long keptBytes, long peakBytes) {
  /** Nothing. */
  public static final MemoryNeed NONE = new MemoryNeed(0, 0);

  /** Checks the order. */
  public MemoryNeed {
    if (keptBytes < 0 || peakBytes < keptBytes) {
      throw new IllegalArgumentException(
          "a peak of " + peakBytes + " bytes does not hold the " + keptBytes + " that are kept");
    }
  }

  /**
   * A part that allocates nothing for a while only.
   *
   * @param bytes kept
   * @return the need
   */
  public static MemoryNeed kept(long bytes) {
    return new MemoryNeed(bytes, bytes);
  }
}

package dev.feedlight.device;

import dev.feedlight.tensor.Shape;
import java.util.List;

/**
 * Device memory that a part will take, known before it is made. What kernels keep for themselves is
 * not counted.
 *
 * @param keptBytes allocated as long as the part is open
 * @param peakBytes most bytes at once, those that are kept included: more where something is
 *     allocated for a while only
 * @param fields extents of the optical fields that it computes; what a device needs for them comes
 *     on top, see {@link Kernels#fieldScratchBytes}
 * @param operands matrices that dense products of it read; what a device keeps beside them comes on
 *     top, see {@link Kernels#operandCopyBytes}
 */
public record MemoryNeed(
    long keptBytes, long peakBytes, List<FieldExtents> fields, List<Shape> operands) {
  /** Nothing. */
  public static final MemoryNeed NONE = new MemoryNeed(0, 0);

  /** Checks the order and copies the lists. */
  public MemoryNeed {
    fields = List.copyOf(fields);
    operands = List.copyOf(operands);
    if (keptBytes < 0 || peakBytes < keptBytes) {
      throw new IllegalArgumentException(
          "a peak of " + peakBytes + " bytes does not hold the " + keptBytes + " that are kept");
    }
  }

  /**
   * A part that computes no fields and has no dense products.
   *
   * @param keptBytes allocated as long as the part is open
   * @param peakBytes most bytes at once
   */
  public MemoryNeed(long keptBytes, long peakBytes) {
    this(keptBytes, peakBytes, List.of(), List.of());
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

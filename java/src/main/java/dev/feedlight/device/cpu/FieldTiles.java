package dev.feedlight.device.cpu;

import dev.feedlight.device.PixelMap;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Optical fields, a tile of pixels at a time: real and imaginary parts of T x for all patterns of a
 * batch, int32 or fp32. A tile is computed and used in one thread's cache.
 */
abstract class FieldTiles {
  /** Pixels per tile; a multiple of what product kernels and camera loops take at once. */
  static final long PIXELS = 64;

  private final CpuContext context;
  private final Transmission transmission;
  private final long patterns;

  FieldTiles(CpuContext context, Transmission transmission, long patterns) {
    this.context = context;
    this.transmission = transmission;
    this.patterns = patterns;
  }

  /**
   * Tiles of any matrix that has rows.
   *
   * @param patterns rows of patterns
   * @param stride from one to the next, in elements of {@link #patternType}
   */
  static FieldTiles of(
      CpuContext context, Transmission transmission, PixelMap pixels, long patterns, long stride) {
    return switch (transmission) {
      case Transmission.Stored(Tensor entries) when entries.dtype() == DType.F32 ->
          new FloatFieldTiles(context, transmission, entries, patterns, stride);
      case Transmission.Stored _, Transmission.Procedural _ ->
          new ByteFieldTiles(context, transmission, pixels, patterns, stride);
      case Transmission.Drifting drifting ->
          new DriftingFieldTiles(context, drifting, pixels, patterns, stride);
      case Transmission.Structured _ ->
          throw new IllegalArgumentException(transmission + " has no rows to take tiles of");
    };
  }

  /** Type in which {@link #of} wants its patterns: bytes or floats. */
  static DType patternType(Transmission transmission) {
    return transmission.arithmetic() == DType.S8 ? DType.U8 : DType.F32;
  }

  /** Type of the fields. */
  final DType fieldType() {
    return transmission.fieldType();
  }

  final CpuContext context() {
    return context;
  }

  final Transmission transmission() {
    return transmission;
  }

  final long patterns() {
    return patterns;
  }

  /** Scratch memory that a thread needs for {@link #compute}. */
  abstract long scratchBytes();

  /**
   * Computes a tile of fields, which begins where the scratch does; see {@link #row}.
   *
   * @param scratch address
   * @param pattern address of the first pattern
   */
  abstract void compute(int thread, long scratch, long pattern, long firstPixel, long pixels);

  /**
   * Anchor fields of a tile.
   *
   * @param scratch where a tile was computed
   * @return address of the real parts
   */
  long anchor(long scratch, Tensor anchorField, long firstPixel, long pixels) {
    return LinearKernels.address(anchorField, 0, firstPixel);
  }

  /** Bytes from a real part of {@link #anchor} to its imaginary part. */
  long anchorGap() {
    return Float.BYTES * transmission.outputs();
  }

  /** One tile of pixels. */
  @FunctionalInterface
  interface Tile {
    void run(int thread, long firstPixel, long pixels);
  }

  /** Runs tiles on every thread. */
  final Runnable overPixels(Tile tile) {
    long outputs = transmission.outputs();
    return context.overRange(
        outputs,
        PIXELS,
        patterns * transmission.inputs() * outputs,
        (thread, begin, end) -> {
          for (long pixel = begin; pixel < end; pixel += PIXELS) {
            tile.run(thread, pixel, Math.min(PIXELS, end - pixel));
          }
        });
  }

  /** Bytes of the real parts, or of the imaginary parts, of a tile. */
  final long partBytes() {
    return Float.BYTES * patterns * PIXELS;
  }

  /** Address of one pattern's field in a tile. */
  final long row(long fields, long pattern, boolean imaginary) {
    return fields + (imaginary ? partBytes() : 0) + Float.BYTES * pattern * PIXELS;
  }

  /** Takes one pattern's field from another's. */
  final void subtract(long fields, long from, long what) {
    boolean integers = fieldType() == DType.S32;
    for (int part = 0; part < 2; part++) {
      long target = row(fields, from, part == 1);
      long source = row(fields, what, part == 1);
      for (long i = 0; i < PIXELS; i++) {
        if (integers) {
          CpuAddress.setInt(target, i, CpuAddress.getInt(target, i) - CpuAddress.getInt(source, i));
        } else {
          CpuAddress.setFloat(
              target, i, CpuAddress.getFloat(target, i) - CpuAddress.getFloat(source, i));
        }
      }
    }
  }

  final void copyRow(long fields, long pattern, long pixels, long target, boolean imaginary) {
    MemorySegment.copy(
        CpuAddress.ALL,
        row(fields, pattern, imaginary),
        CpuAddress.ALL,
        target,
        Float.BYTES * pixels);
  }
}

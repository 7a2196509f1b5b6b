package dev.feedlight.device.cpu;

import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.StructuredTransmission.Plane;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Optical fields behind the structured transmission matrix, sample by sample: real and imaginary
 * parts of T P and T N, say, in scratch memory, for a consumer that reads them at once.
 *
 * <p>There are two ways, which give the same bits. Many short samples: each thread takes samples of
 * its own and keeps their fields in its own scratch, near its cache. Few or long samples: all
 * threads share each pass over one sample, whose fields lie in the shared scratch. A field costs
 * three passes along the rows of a matrix of 2^14 columns, which do all but the long strides on a
 * block in cache, and three down the columns.
 *
 * <p>The scratch that is used begins at its beginning; the random bits always lie in the shared
 * one. They are made anew in each run, because other operations use the same scratch; at 2^20 that
 * takes 4 % of the time of one field.
 */
final class HadamardField {
  /**
   * Floats of a block of rows; ours: 64 KB stay in the second-level cache with room for another.
   */
  private static final long BLOCK = 1 << 14;

  /**
   * Longest transform whose fields a thread keeps to itself. Ours: faster than sharing up to 2^18
   * as measured, but P and N take 2 MB per thread here.
   */
  private static final long OWN = 1 << 17;

  /** Real and imaginary. */
  private static final long PARTS = 2;

  private static final Plane[] PLANES = Plane.values();

  private final CpuContext context;
  private final HadamardLoops loops;
  private final long[] keys;
  private final Tensor patterns;
  private final Mirrors[] lit;
  private final int fields;
  private final long size;
  private final long block;
  private final boolean shared;

  // The field that all threads are working on; written between two steps.
  private long sample;
  private int field;

  /**
   * Takes the scratch that it will need.
   *
   * @param context the device
   * @param media matrices of one size
   * @param patterns S8 or U8, a sample per row, an input per column
   * @param freeBytes scratch of each thread that the consumer wants for itself
   * @param lit which mirrors are lit for each field of a sample; field {@code m lit.length + i} is
   *     that of {@code lit[i]} behind matrix m
   */
  HadamardField(
      CpuContext context,
      List<Transmission.Structured> media,
      Tensor patterns,
      long freeBytes,
      Mirrors... lit) {
    this.context = context;
    this.loops = context.loops().hadamard();
    this.keys = media.stream().mapToLong(Transmission.Structured::key).toArray();
    this.patterns = patterns;
    this.lit = lit.clone();
    this.fields = media.size() * lit.length;
    this.size = media.getFirst().size();
    this.block = Math.min(size, BLOCK);
    this.shared = size > OWN || patterns.rows() < context.threads();
    context.reserveShared(signBytes() + (shared ? fieldBytes() : 0));
    context.reserveScratch((shared ? 0 : fieldBytes()) + freeBytes);
  }

  /** Pixels of one sample. */
  @FunctionalInterface
  interface Pixels {
    /**
     * Reads fields.
     *
     * @param thread number of the thread
     * @param sample row of the patterns
     * @param fields see {@link #row}
     * @param begin first item to look at
     * @param end one after the last
     */
    void run(int thread, long sample, long fields, long begin, long end);
  }

  /** Address of pixel 0 of one field's part; the pixels lie side by side. */
  long row(long fields, int field, boolean imaginary) {
    return fields + (PARTS * field + (imaginary ? 1 : 0)) * partBytes();
  }

  /** Address of the scratch of a thread that is the consumer's. */
  long free(int thread) {
    return context.scratch(thread) + (shared ? 0 : fieldBytes());
  }

  private long fieldBytes() {
    return PARTS * fields * partBytes();
  }

  private long partBytes() {
    return size * Float.BYTES;
  }

  private long planeBytes() {
    return size / Byte.SIZE;
  }

  private long signBytes() {
    return (long) keys.length * PLANES.length * planeBytes();
  }

  private long bits(int medium, Plane plane, long element) {
    long number = (long) medium * PLANES.length + plane.number() - 1;
    return context.shared() + number * planeBytes() + element / Byte.SIZE;
  }

  /**
   * Computes the fields of every sample and shows them to the consumer.
   *
   * @param items that the consumer makes of the pixels of a sample
   * @param step items are cut at multiples of this
   * @param use the consumer; on several threads at once, each with other samples or items
   * @return what does it; allocates nothing when it runs
   */
  Runnable overSamples(long items, long step, Pixels use) {
    Runnable signs =
        context.overRange(
            size / StructuredTransmission.BITS_PER_BLOCK,
            1,
            signBytes() / Integer.BYTES,
            (_, begin, end) -> makeSigns(begin, end));
    Runnable all = shared ? oneByOne(items, step, use) : sideBySide(items, use);
    return () -> {
      signs.run();
      all.run();
    };
  }

  private void makeSigns(long begin, long end) {
    long first = begin * StructuredTransmission.BITS_PER_BLOCK;
    long n = (end - begin) * StructuredTransmission.BITS_PER_BLOCK;
    for (int medium = 0; medium < keys.length; medium++) {
      for (Plane plane : PLANES) {
        loops.bits(bits(medium, plane, first), plane, first, n, keys[medium]);
      }
    }
  }

  private Runnable sideBySide(long items, Pixels use) {
    return context.overRange(
        patterns.rows(),
        1,
        patterns.rows() * size,
        (thread, begin, end) -> {
          long own = context.scratch(thread);
          for (long row = begin; row < end; row++) {
            for (int f = 0; f < fields; f++) {
              compute(row, f, row(own, f, false), row(own, f, true));
            }
            use.run(thread, row, own, 0, items);
          }
        });
  }

  private void compute(long row, int f, long real, long imaginary) {
    int medium = f / lit.length;
    long blocks = size / block;
    first(row, f, real, 0, blocks);
    columns(real, 0, block);
    second(medium, real, 0, blocks);
    columns(real, 0, block);
    third(medium, real, imaginary, 0, blocks);
    columns(real, 0, block);
    columns(imaginary, 0, block);
  }

  private Runnable oneByOne(long items, long step, Pixels use) {
    Runnable first = overBlocks((_, b, e) -> first(sample, field, real(), b, e));
    Runnable second = overBlocks((_, b, e) -> second(medium(), real(), b, e));
    Runnable third = overBlocks((_, b, e) -> third(medium(), real(), imaginary(), b, e));
    Runnable columns = overColumns((_, b, e) -> columns(real(), b, e));
    Runnable both =
        overColumns(
            (_, b, e) -> {
              columns(real(), b, e);
              columns(imaginary(), b, e);
            });
    Runnable consume =
        context.overRange(
            items, step, items, (thread, b, e) -> use.run(thread, sample, sharedFields(), b, e));
    return () -> {
      for (sample = 0; sample < patterns.rows(); sample++) {
        for (field = 0; field < fields; field++) {
          first.run();
          columns.run();
          second.run();
          columns.run();
          third.run();
          both.run();
        }
        consume.run();
      }
    };
  }

  private Runnable overBlocks(CpuContext.RangeTask task) {
    long blocks = size / block;
    return context.overRange(blocks, 1, blocks == 1 ? 0 : size, task);
  }

  private Runnable overColumns(CpuContext.RangeTask task) {
    return size == block ? () -> {} : context.overRange(block, HadamardLoops.COLUMNS, size, task);
  }

  private long sharedFields() {
    return context.shared() + signBytes();
  }

  private int medium() {
    return field / lit.length;
  }

  private long real() {
    return row(sharedFields(), field, false);
  }

  private long imaginary() {
    return row(sharedFields(), field, true);
  }

  /** H along the rows of D1 E x, blocks [begin, end). */
  private void first(long row, int f, long real, long begin, long end) {
    int medium = f / lit.length;
    long pattern = LinearKernels.address(patterns, row, 0);
    for (long at = begin * block; at < end * block; at += block) {
      long mirrors = Math.clamp(patterns.columns() - at, 0, block);
      long x = real + at * Float.BYTES;
      long signs = bits(medium, Plane.FIRST, at);
      loops.light(x, block, pattern + at, mirrors, lit[f % lit.length], signs);
      if (mirrors > 0) { // zeros stay zeros
        loops.rows(x, block);
      }
    }
  }

  /** H along the rows of D2 v. */
  private void second(int medium, long real, long begin, long end) {
    for (long at = begin * block; at < end * block; at += block) {
      long x = real + at * Float.BYTES;
      loops.flip(x, block, bits(medium, Plane.SECOND, at));
      loops.rows(x, block);
    }
  }

  /** H along the rows of both parts of D3 v. */
  private void third(int medium, long real, long imaginary, long begin, long end) {
    float scale = StructuredTransmission.scale((int) size);
    for (long at = begin * block; at < end * block; at += block) {
      long re = real + at * Float.BYTES;
      long im = imaginary + at * Float.BYTES;
      long turns = bits(medium, Plane.TURN, at);
      loops.turn(re, im, block, turns, bits(medium, Plane.THIRD, at), scale);
      loops.rows(re, block);
      loops.rows(im, block);
    }
  }

  private void columns(long x, long begin, long end) {
    if (size > block) {
      loops.columns(x, size, block, begin, end - begin);
    }
  }
}

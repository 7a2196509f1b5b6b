package dev.feedlight.device.cpu;

import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times of the structured transmission matrix: a complex field of one pattern, and those of P and N
 * of one ternary vector, without camera. Candidates are interleaved, so that all of them see the
 * same machine; medians and fastest runs.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
 *     -cp java/target/classes:tests/target/test-classes dev.feedlight.device.cpu.HadamardTimes
 * </pre>
 */
final class HadamardTimes {
  private static final int ROUNDS = 40;
  private static final long FLOATS_PER_SAMPLE_RUN = 1 << 22;

  private HadamardTimes() {}

  /** One size, batch, number of fields and of threads. */
  private static final class Candidate {
    private final Workers workers;
    private final CpuMemory memory = new CpuMemory(Long.MAX_VALUE);
    private final int threads;
    private final int size;
    private final int batch;
    private final int fields;
    private final int runs;
    private final Runnable run;
    private final double[] microseconds = new double[ROUNDS];

    Candidate(int threads, int size, int batch, Mirrors... fields) {
      this.workers = new Workers(threads);
      this.threads = threads;
      this.size = size;
      this.batch = batch;
      this.fields = fields.length;
      CpuContext context = new CpuContext(workers, null, new VectorLoops(), memory, Precision.FP32);
      Scope scope = memory.openScope("times");
      Tensor patterns = scope.allocate("patterns", new Shape(batch, size), DType.S8);
      SplittableRandom random = new SplittableRandom(size);
      for (long i = 0; i < patterns.bytes(); i++) {
        CpuAddress.setByte(patterns.address(), i, (byte) random.nextInt(-1, 2));
      }
      this.run =
          new HadamardField(context, HadamardLab.medium(7, size, size), patterns, 0, fields)
              .overSamples(size, 64, (_, _, _, _, _) -> {});
      this.runs = (int) Math.max(1, FLOATS_PER_SAMPLE_RUN / ((long) size * batch));
    }

    void measure(int round) {
      long begin = System.nanoTime();
      for (int i = 0; i < runs; i++) {
        run.run();
      }
      microseconds[round] = (System.nanoTime() - begin) / 1e3 / runs / batch;
    }

    void print() {
      Arrays.sort(microseconds);
      System.out.printf(
          Locale.ROOT,
          "%d thread(s), N 2^%d, batch %d, %d field(s): median %.1f us a sample, fastest %.1f%n",
          threads,
          Integer.numberOfTrailingZeros(size),
          batch,
          fields,
          microseconds[ROUNDS / 2],
          microseconds[0]);
    }

    void close() {
      workers.close();
      memory.close();
    }
  }

  /** Measures. */
  public static void main(String[] arguments) {
    for (int bits : new int[] {10, 12, 14, 15, 16, 17, 18, 19, 20, 21}) {
      int size = 1 << bits;
      Candidate[] candidates = {
        new Candidate(1, size, 1, Mirrors.SIGNED),
        new Candidate(2, size, 1, Mirrors.SIGNED),
        new Candidate(2, size, 1, Mirrors.POSITIVE, Mirrors.NEGATIVE),
        new Candidate(2, size, 8, Mirrors.POSITIVE, Mirrors.NEGATIVE)
      };
      for (int round = 0; round < 2 * ROUNDS; round++) { // the first half warms up
        for (Candidate candidate : candidates) {
          candidate.measure(round % ROUNDS);
        }
      }
      for (Candidate candidate : candidates) {
        candidate.print();
        candidate.close();
      }
    }
  }
}

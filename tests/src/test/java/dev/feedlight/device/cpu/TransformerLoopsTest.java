package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Vector and plain loops of a Transformer give the same bits, write the same bytes and no others.
 */
final class TransformerLoopsTest {
  private static final TransformerLoops PLAIN = new PlainLoops().transformer();
  private static final TransformerLoops VECTOR = new VectorLoops().transformer();
  private static final int SLOT = 4 * 2400; // bytes between buffers; the largest case leaves a gap
  private static final int SLOTS = 8;

  static int[] sizes() {
    return new int[] {1, 3, 7, 8, 15, 16, 17, 31, 63, 64, 65, 120, 127, 1000, 2051};
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void normalization(int n) {
    for (int residual : new int[] {0, 1}) {
      for (int gain : new int[] {0, 1}) {
        same(
            (loops, s) -> {
              loops.normalize(s[0], s[1], s[2], s[3], residual * s[4], gain * s[5], gain * s[6], n);
              return null;
            });
        same(
            (loops, s) -> {
              long past = residual * s[2];
              loops.normalizeGradient(s[0], s[1], past, s[3], 0.3f, 1.7f, gain * s[4], n, s[5]);
              return null;
            });
      }
    }
    same(
        (loops, s) -> {
          loops.normalizeSums(s[0], s[1], s[2], s[3], 0.3f, 1.7f, n);
          return null;
        });
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void attention(int n) {
    same((loops, s) -> loops.softmax(s[0], n));
    same(
        (loops, s) -> {
          loops.softmaxGradient(s[0], s[1], n, 9.5f, 0.2f, 0.7f);
          return null;
        });
    same((loops, s) -> loops.dot(s[0], s[1], n));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void sums(int n) {
    same(
        (loops, s) -> {
          loops.add(s[0], s[1], s[2], n);
          loops.add(s[3], s[3], s[4], n);
          return null;
        });
  }

  /** One operation on buffers of normal numbers, returning what it returns or null. */
  private static void same(BiFunction<TransformerLoops, long[], Object> operation) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = arena.allocate((long) SLOT * SLOTS, 64);
      Random random = new Random(42);
      for (long i = 0; i < first.byteSize() / 4; i++) {
        first.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (3 * random.nextGaussian()));
      }
      MemorySegment second = arena.allocate(first.byteSize(), 64).copyFrom(first);
      Object expected = operation.apply(PLAIN, slots(first));
      Object actual = operation.apply(VECTOR, slots(second));
      assertThat(actual).isEqualTo(expected);
      long mismatch = first.mismatch(second);
      assertThat(mismatch)
          .as(() -> "slot " + mismatch / SLOT + ", byte " + mismatch % SLOT)
          .isEqualTo(-1);
    }
  }

  private static long[] slots(MemorySegment memory) {
    long[] slots = new long[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = memory.address() + (long) i * SLOT;
    }
    return slots;
  }
}

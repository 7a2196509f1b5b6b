package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of bytes are exact integers, on this processor and with fewer of its instructions. */
final class MatmulBytesTest {
  private static final int[][] SIZES = {
    {1, 1, 1}, {3, 5, 7}, {1, 33, 65}, {13, 17, 1023}, {32, 129, 1000}, {5, 7, 1 << 20}
  };

  @Test
  void binaryFramesAreExact() {
    assertThat(wrong(0, 1, -128, 127)).isZero();
  }

  @Test
  void allBytesAreExactWhereThatIsPromised() {
    boolean promised;
    try (OneDnn oneDnn = OneDnn.open(1)) {
      promised = oneDnn.exactBytes();
    }
    long wrong = wrong(0, 255, -128, 127);
    if (promised) {
      assertThat(wrong).isZero();
    } else {
      assertThat(wrong).isPositive();
    }
  }

  /** Names of ONEDNN_MAX_CPU_ISA; a processor without one of them falls back to what it has. */
  @ParameterizedTest
  @ValueSource(strings = {"AVX2", "AVX2_VNNI", "AVX512_CORE", "AVX512_CORE_VNNI"})
  void smallerInstructionSetsAreExactToo(String isa) throws IOException, InterruptedException {
    ForkedJava.Result result =
        ForkedJava.run(MatmulBytesTest.class, Map.of("ONEDNN_MAX_CPU_ISA", isa));
    assertThat(result.output()).contains("wrong: 0");
    assertThat(result.exitCode()).isZero();
  }

  /** Entry point of the forked JVM. */
  public static void main(String[] arguments) {
    System.out.println("wrong: " + wrong(0, 1, -128, 127));
  }

  /** Number of wrong elements over all sizes, for A and B uniform in their ranges. */
  private static long wrong(int lowA, int highA, int lowB, int highB) {
    SplittableRandom random = new SplittableRandom(3);
    long wrong = 0;
    try (OneDnn oneDnn = OneDnn.open(2);
        MatmulCache cache = new MatmulCache(oneDnn);
        Workers workers = new Workers(2)) {
      for (int[] size : SIZES) {
        try (Arena arena = Arena.ofShared()) {
          SlicedMatmul product =
              new SlicedMatmul(
                  cache,
                  shape(size[0], size[1], size[2]),
                  ProductGrid.of(size[0], size[1], size[2], 2, false));
          MemorySegment a =
              NativeFloats.randomBytes(arena, (long) size[0] * size[2], lowA, highA, random);
          MemorySegment b =
              NativeFloats.randomBytes(arena, (long) size[1] * size[2], lowB, highB, random);
          MemorySegment c = arena.allocate(Integer.BYTES * (long) size[0] * size[1], 64);
          workers.run(
              (part, _) ->
                  product.runPart(
                      part, a.address(), b.address(), 0, c.address(), PartEpilogue.NONE));
          wrong += countWrong(size, a, b, c);
        }
      }
    }
    return wrong;
  }

  private static MatmulShape shape(long m, long n, long k) {
    return new MatmulShape(
        MatmulTypes.U8S8S32, m, n, k, false, true, k, k, n, false, MatmulEpilogue.NONE);
  }

  private static long countWrong(int[] size, MemorySegment a, MemorySegment b, MemorySegment c) {
    byte[] bytesA = a.toArray(ValueLayout.JAVA_BYTE);
    byte[] bytesB = b.toArray(ValueLayout.JAVA_BYTE);
    long wrong = 0;
    for (int i = 0; i < size[0]; i++) {
      for (int j = 0; j < size[1]; j++) {
        int sum = 0;
        for (int k = 0; k < size[2]; k++) {
          sum += (bytesA[i * size[2] + k] & 0xff) * bytesB[j * size[2] + k];
        }
        if (c.getAtIndex(ValueLayout.JAVA_INT, (long) i * size[1] + j) != sum) {
          wrong++;
        }
      }
    }
    return wrong;
  }
}

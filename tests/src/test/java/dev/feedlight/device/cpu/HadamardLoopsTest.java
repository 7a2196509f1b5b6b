package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StructuredTransmission.Plane;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each step of the structured transmission matrix against its definition written out here. */
final class HadamardLoopsTest {
  private static final long KEY = 0xFEDCBA9876543210L;
  private static final int GUARD = 64;
  private static final float GUARD_VALUE = 12345;

  @AutoClose private final Arena arena = Arena.ofConfined();
  private final SplittableRandom random = new SplittableRandom(5);

  static Stream<HadamardLoops> loops() {
    return Stream.of(new PlainLoops().hadamard(), new VectorLoops().hadamard());
  }

  private MemorySegment floats(int n) {
    MemorySegment memory = NativeFloats.random(arena, n + GUARD, random);
    for (int i = 0; i < n; i += 7) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 2 == 0 ? 0f : -0f);
    }
    for (int i = n; i < n + GUARD; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, GUARD_VALUE);
    }
    return memory;
  }

  private boolean[] bits(MemorySegment memory) {
    boolean[] bits = new boolean[Math.toIntExact(8 * memory.byteSize())];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (memory.get(ValueLayout.JAVA_BYTE, i / 8) >>> (i % 8) & 1) != 0;
    }
    return bits;
  }

  private MemorySegment randomBits(int n) {
    return NativeFloats.randomBytes(arena, n / 8, 0, 255, random);
  }

  private static void assertBits(MemorySegment actual, float[] expected) {
    float[] values = NativeFloats.read(actual);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(values[i]))
          .as("element %d: %s, expected %s", i, values[i], expected[i])
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
    for (int i = expected.length; i < expected.length + GUARD; i++) {
      assertThat(values[i]).isEqualTo(GUARD_VALUE);
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void bitsAreThoseOfThePhiloxBlocks(HadamardLoops loops) {
    int[] words = new int[4];
    for (Plane plane : Plane.values()) {
      for (int blocks : new int[] {1, 3, 8, 515, 1025}) { // a stage of Philox is 512 blocks
        int first = 37;
        MemorySegment memory = arena.allocate(16L * blocks + GUARD, 64).fill((byte) 0x55);
        loops.bits(memory.address(), plane, 128L * first, 128L * blocks, KEY);
        for (int block = 0; block < blocks; block++) {
          Philox.block(KEY, first + block, 0, 0, plane.number(), words);
          for (int w = 0; w < 4; w++) {
            assertThat(memory.getAtIndex(ValueLayout.JAVA_INT, 4L * block + w)).isEqualTo(words[w]);
          }
        }
        for (int i = 0; i < GUARD; i++) {
          assertThat(memory.get(ValueLayout.JAVA_BYTE, 16L * blocks + i)).isEqualTo((byte) 0x55);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void lightIsPaddedAndSignedWithoutNegativeZeros(HadamardLoops loops) {
    int n = 1024;
    for (Mirrors mirrors : Mirrors.values()) {
      for (int lit : new int[] {0, 1, 63, 64, 65, 200, 960, 1023, 1024}) {
        MemorySegment x = floats(n);
        MemorySegment pattern = NativeFloats.randomBytes(arena, Math.max(1, lit), -1, 1, random);
        MemorySegment signs = randomBits(n);
        boolean[] negated = bits(signs);
        float[] expected = new float[n];
        for (int i = 0; i < lit; i++) {
          int t = pattern.get(ValueLayout.JAVA_BYTE, i);
          int mirror =
              switch (mirrors) {
                case SIGNED -> t;
                case POSITIVE -> t > 0 ? 1 : 0;
                case NEGATIVE -> t < 0 ? 1 : 0;
              };
          expected[i] = negated[i] ? -mirror : mirror;
        }
        loops.light(x.address(), n, pattern.address(), lit, mirrors, signs.address());
        assertBits(x, expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void flipChangesTheSignOfZerosToo(HadamardLoops loops) {
    int n = 384;
    MemorySegment x = floats(n);
    MemorySegment signs = randomBits(n);
    boolean[] negated = bits(signs);
    float[] expected = Arrays.copyOf(NativeFloats.read(x), n);
    for (int i = 0; i < n; i++) {
      expected[i] = negated[i] ? -expected[i] : expected[i];
    }
    loops.flip(x.address(), n, signs.address());
    assertBits(x, expected);
  }

  @ParameterizedTest
  @MethodSource("loops")
  void turnGoesToOnePartAndLeavesZeroInTheOther(HadamardLoops loops) {
    int n = 384;
    float scale = 1f / 256;
    MemorySegment real = floats(n);
    MemorySegment imaginary = floats(n);
    MemorySegment signs = randomBits(n);
    MemorySegment turns = randomBits(n);
    boolean[] negated = bits(signs);
    boolean[] turned = bits(turns);
    float[] expectedReal = Arrays.copyOf(NativeFloats.read(real), n);
    float[] expectedImaginary = new float[n];
    for (int i = 0; i < n; i++) {
      float v = (negated[i] ? -expectedReal[i] : expectedReal[i]) * scale;
      expectedReal[i] = turned[i] ? 0f : v;
      expectedImaginary[i] = turned[i] ? v : 0f;
    }
    loops.turn(real.address(), imaginary.address(), n, turns.address(), signs.address(), scale);
    assertBits(real, expectedReal);
    assertBits(imaginary, expectedImaginary);
  }

  /** On values that round in every stage. */
  @ParameterizedTest
  @MethodSource("loops")
  void rowsAreTheStagesInOrder(HadamardLoops loops) {
    for (int n = 128; n <= 1 << 14; n *= 2) {
      MemorySegment x = floats(n);
      float[] expected = Arrays.copyOf(NativeFloats.read(x), n);
      stages(expected, 1, 0, 1);
      loops.rows(x.address(), n);
      assertBits(x, expected);
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void columnsAreTheirStagesAndNoOthers(HadamardLoops loops) {
    int row = 4096;
    for (int rows = 2; rows <= 128; rows *= 2) {
      int first = HadamardLoops.COLUMNS;
      int columns = 2 * HadamardLoops.COLUMNS;
      MemorySegment x = floats(rows * row);
      float[] expected = Arrays.copyOf(NativeFloats.read(x), rows * row);
      stages(expected, row, first, first + columns);
      loops.columns(x.address(), (long) rows * row, row, first, columns);
      assertBits(x, expected);
    }
  }

  private static void stages(float[] v, int row, int first, int end) {
    for (int stride = row; stride < v.length; stride *= 2) {
      for (int j = 0; j < v.length; j++) {
        if ((j & stride) == 0 && j % row >= first && j % row < end) {
          float a = v[j];
          float b = v[j + stride];
          v[j] = a + b;
          v[j + stride] = a - b;
        }
      }
    }
  }

  /**
   * Nothing that grows with N; vectors are boxed until all is compiled, hence the best of several
   * rounds.
   */
  @Test
  void runningAllocatesNextToNothing() {
    int inputs = 4096;
    try (HadamardLab lab = new HadamardLab(new VectorLoops(), 1);
        Scope scope = lab.openScope()) {
      Runnable run =
          new HadamardField(
                  lab.context(),
                  HadamardLab.medium(KEY, inputs, inputs),
                  lab.patterns(scope, HadamardLab.ternary(2, inputs, 1), DType.S8),
                  0,
                  Mirrors.POSITIVE,
                  Mirrors.NEGATIVE)
              .overSamples(inputs, 64, (_, _, _, _, _) -> {});
      long bound = 1024;
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 100 && best >= bound; round++) {
        best = Math.min(best, bytesPerRun(run));
      }
      assertThat(best).isLessThan(bound);
    }
  }

  private static long bytesPerRun(Runnable run) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int runs = 50;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < runs; i++) {
      run.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / runs;
  }
}

package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Bf16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both loops round as {@link Bf16} does, and write nothing else. */
final class Bf16LoopsTest {
  private static final short GUARD = 0x5A5A;
  private static final int[] DROPPED = {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF};

  private static Loops loops(String name) {
    return name.equals("plain") ? new PlainLoops() : new VectorLoops();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "vector"})
  void everyUpperHalfWithEveryKindOfLowerHalf(String name) {
    int n = 1 << 16;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(4L * n, 64);
      MemorySegment target = arena.allocate(2L * n, 64);
      for (int dropped : DROPPED) {
        for (int i = 0; i < n; i++) {
          source.setAtIndex(ValueLayout.JAVA_INT, i, (i << 16) | dropped);
        }
        loops(name).toBf16(target.address(), n, source.address(), n, 1, n);
        for (int i = 0; i < n; i++) {
          float value = source.getAtIndex(ValueLayout.JAVA_FLOAT, i);
          assertThat(target.getAtIndex(ValueLayout.JAVA_SHORT, i))
              .as("%x", (i << 16) | dropped)
              .isEqualTo(Bf16.bits(value));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 15, 16, 17, 31, 32, 33, 100})
  void rowsOfAllLengths(int columns) {
    int rows = 5;
    int sourceStride = columns + 3;
    int targetStride = columns + 2;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(4L * rows * sourceStride, 64);
      for (int i = 0; i < rows * sourceStride; i++) {
        source.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(i));
      }
      for (String name : new String[] {"plain", "vector"}) {
        MemorySegment target = arena.allocate(2L * rows * targetStride, 64).fill((byte) GUARD);
        loops(name)
            .toBf16(target.address(), targetStride, source.address(), sourceStride, rows, columns);
        for (int i = 0; i < rows * targetStride; i++) {
          int row = i / targetStride;
          int column = i % targetStride;
          short expected =
              column < columns ? Bf16.bits((float) Math.sin(row * sourceStride + column)) : GUARD;
          assertThat(target.getAtIndex(ValueLayout.JAVA_SHORT, i))
              .as("%s %d, %d", name, row, column)
              .isEqualTo(expected);
        }
      }
    }
  }
}

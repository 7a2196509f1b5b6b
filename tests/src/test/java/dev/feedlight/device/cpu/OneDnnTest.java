package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.DeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The binding itself: engines, errors, sgemm, and that no OpenMP team is started. */
final class OneDnnTest {
  @Test
  void saysWhatItIs() {
    try (OneDnn oneDnn = OneDnn.open(2)) {
      assertThat(oneDnn.version()).matches("3\\.\\d+\\.\\d+");
      assertThat(oneDnn.isa()).matches("(sse|avx)[a-z0-9_]+");
      assertThat(oneDnn.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  void twoEnginesDoNotTouchEachOther() {
    MatmulShape shape = MatmulShape.dense(5, 6, 7, false, true, MatmulEpilogue.NONE);
    SplittableRandom random = new SplittableRandom(1);
    try (Arena arena = Arena.ofConfined();
        OneDnn first = OneDnn.open(1);
        Matmul matmul = new Matmul(first, shape)) {
      long a = NativeFloats.random(arena, 35, random).address();
      long b = NativeFloats.random(arena, 42, random).address();
      MemorySegment before = arena.allocate(120, 64);
      MemorySegment after = arena.allocate(120, 64);
      matmul.run(0, a, b, 0, before.address());
      try (OneDnn second = OneDnn.open(1);
          Matmul other = new Matmul(second, shape)) {
        other.run(0, a, b, 0, after.address());
      }
      assertThat(NativeFloats.read(after)).isEqualTo(NativeFloats.read(before));
      matmul.run(0, a, b, 0, after.address());
      assertThat(NativeFloats.read(after)).isEqualTo(NativeFloats.read(before));
    }
  }

  @Test
  void sgemmScalesAndAdds() {
    MatmulShape shape = MatmulShape.dense(9, 20, 33, true, false, MatmulEpilogue.NONE);
    SplittableRandom random = new SplittableRandom(2);
    try (Arena arena = Arena.ofConfined();
        OneDnn oneDnn = OneDnn.open(1)) {
      MemorySegment a = NativeFloats.random(arena, NativeFloats.storedA(shape), random);
      MemorySegment b = NativeFloats.random(arena, NativeFloats.storedB(shape), random);
      MemorySegment c = NativeFloats.random(arena, 9 * 20, random);
      float[] before = NativeFloats.read(c);
      oneDnn.sgemm(
          true, false, 9, 20, 33, -0.5f, a.address(), 9, b.address(), 20, 0.75f, c.address(), 20);
      float[] after = NativeFloats.read(c);
      for (int i = 0; i < after.length; i++) {
        double product =
            NativeFloats.product(shape, NativeFloats.read(a), NativeFloats.read(b), i / 20, i % 20);
        assertThat(Math.abs(after[i] - (0.75 * before[i] - 0.5 * product)) <= 1e-5).isTrue();
      }
    }
  }

  @Test
  void sgemmNamesItsShapeWhenRefused() {
    try (OneDnn oneDnn = OneDnn.open(1)) {
      assertThatThrownBy(() -> oneDnn.sgemm(false, false, 4, 4, 4, 1, 0, 1, 0, 4, 0, 0, 4))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("dnnl_sgemm failed: dnnl_invalid_arguments")
          .hasMessageContaining("lda=1");
    }
  }

  @Test
  void closedEngineRefuses() {
    OneDnn oneDnn = OneDnn.open(1);
    oneDnn.close();
    oneDnn.close();
    assertThatThrownBy(
            () -> new Matmul(oneDnn, MatmulShape.dense(1, 1, 1, false, false, MatmulEpilogue.NONE)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> OneDnn.open(0)).isInstanceOf(IllegalArgumentException.class);
  }

  /** libgomp's threads are no Java threads, but the kernel lists them, named after their maker. */
  @Test
  void startsNoOpenMpTeam() throws InterruptedException {
    String name = "no-omp-team"; // at most 15 characters are kept
    int[] named = new int[1];
    Thread thread =
        new Thread(
            () -> {
              multiply();
              named[0] = threadsNamed(name);
            },
            name);
    thread.start();
    thread.join();
    assertThat(named[0]).isEqualTo(1);
  }

  private static void multiply() {
    MatmulShape shape = MatmulShape.dense(256, 512, 512, false, true, MatmulEpilogue.NONE);
    try (Arena arena = Arena.ofConfined();
        OneDnn oneDnn = OneDnn.open(1);
        Matmul matmul = new Matmul(oneDnn, shape)) {
      long a = arena.allocate(Float.BYTES * NativeFloats.storedA(shape), 64).address();
      long b = arena.allocate(Float.BYTES * NativeFloats.storedB(shape), 64).address();
      long c = arena.allocate(Float.BYTES * 256 * 512, 64).address();
      for (int i = 0; i < 20; i++) {
        matmul.run(0, a, b, 0, c);
        oneDnn.sgemm(false, true, 256, 512, 512, 1, a, 512, b, 512, 0, c, 512);
      }
    }
  }

  private static int threadsNamed(String name) {
    int count = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        try {
          count += Files.readString(task.resolve("comm")).trim().equals(name) ? 1 : 0;
        } catch (IOException e) {
          // a thread that has ended meanwhile is none of libgomp's, whose teams stay
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return count;
  }
}

package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products of floats against sums in double precision, with guards around every row of C. */
final class MatmulTest {
  private static final int[][] SIZES = {
    {1, 1, 1},
    {3, 5, 7},
    {1, 17, 33},
    {17, 1, 5},
    {2, 31, 1},
    {64, 65, 63},
    {128, 129, 127},
    {32, 10, 1024}
  };
  private static final int PADDING = 3;

  private static OneDnn oneDnn;
  private static MatmulCache cache;

  @BeforeAll
  static void open() {
    oneDnn = OneDnn.open(2);
    cache = new MatmulCache(oneDnn);
  }

  @AfterAll
  static void close() {
    cache.close();
    oneDnn.close();
  }

  @ParameterizedTest
  @EnumSource(MatmulEpilogue.class)
  void agreesWithDoublePrecision(MatmulEpilogue epilogue) {
    SplittableRandom random = new SplittableRandom(17);
    for (int[] size : SIZES) {
      for (int variant = 0; variant < 8; variant++) {
        boolean transposeA = (variant & 1) != 0;
        boolean transposeB = (variant & 2) != 0;
        boolean bias = (variant & 4) != 0;
        MatmulShape shape =
            new MatmulShape(
                MatmulTypes.F32,
                size[0],
                size[1],
                size[2],
                transposeA,
                transposeB,
                (transposeA ? size[0] : size[2]) + PADDING,
                (transposeB ? size[2] : size[1]) + PADDING,
                size[1] + PADDING,
                bias,
                epilogue);
        checkAgainstDouble(shape, random);
      }
    }
  }

  private static void checkAgainstDouble(MatmulShape shape, SplittableRandom random) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = NativeFloats.random(arena, NativeFloats.storedA(shape), random);
      MemorySegment b = NativeFloats.random(arena, NativeFloats.storedB(shape), random);
      MemorySegment c = NativeFloats.random(arena, shape.m() * shape.ldc(), random);
      MemorySegment bias = NativeFloats.random(arena, shape.n(), random);
      float[] before = NativeFloats.read(c);
      Matmul matmul = cache.get(shape);
      matmul.run(1, a.address(), b.address(), bias.address(), c.address());
      float[] after = NativeFloats.read(c);
      float[] floatsA = NativeFloats.read(a);
      float[] floatsB = NativeFloats.read(b);
      float[] floatsBias = NativeFloats.read(bias);
      for (int i = 0; i < before.length; i++) {
        long row = i / shape.ldc();
        long column = i % shape.ldc();
        if (column >= shape.n()) {
          assertThat(after[i]).as("guard at %d,%d of %s", row, column, shape).isEqualTo(before[i]);
          continue;
        }
        double product = NativeFloats.product(shape, floatsA, floatsB, row, column);
        double sum = product + (shape.bias() ? floatsBias[(int) column] : 0);
        double expected = epilogue(shape.epilogue(), sum);
        // rounding of k products below 1, and 3e-6 for oneDNN's polynomials (measured 2.6e-6)
        double tolerance = NativeFloats.tolerance(shape);
        assertThat(Math.abs(after[i] - expected) <= tolerance)
            .as("C[%d,%d] = %s, expected %s, of %s", row, column, after[i], expected, shape)
            .isTrue();
      }
    }
  }

  private static double epilogue(MatmulEpilogue epilogue, double sum) {
    return switch (epilogue) {
      case NONE -> sum;
      case TANH -> Math.tanh(sum);
      case SIGMOID -> 1 / (1 + Math.exp(-sum));
      case GELU -> sum * normalCdf(sum);
    };
  }

  /** Phi by its series around 0, which is good to 1e-9 where it is used; 0 or 1 beyond. */
  private static double normalCdf(double x) {
    if (Math.abs(x) > 6) {
      return x > 0 ? 1 : 0;
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= x * x / (2 * n + 1); // Marsaglia 2004: all terms of one sign
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  @Test
  void tanhStaysCloseToJavas() {
    float[] inputs = {
      1e-40f, -1e-40f, 1e-30f, 1e-6f, -1e-3f, 0.01f, 0.2f, -0.5f, 1, -2, 4, 8.9f, 20, -100, 0
    };
    float[] result = tanhOf(inputs);
    for (int i = 0; i < inputs.length; i++) {
      double expected = Math.tanh(inputs[i]);
      assertThat(Math.abs(result[i] - expected) <= 2e-6 * Math.abs(expected))
          .as("tanh(%s) = %s, expected %s", inputs[i], result[i], expected)
          .isTrue();
    }
  }

  /** Adds the inputs as a bias to a product of zeros. */
  private static float[] tanhOf(float[] inputs) {
    try (Arena arena = Arena.ofConfined()) {
      MatmulShape shape =
          new MatmulShape(
              MatmulTypes.F32,
              1,
              inputs.length,
              4,
              false,
              false,
              4,
              inputs.length,
              inputs.length,
              true,
              MatmulEpilogue.TANH);
      MemorySegment zeros = arena.allocate(Float.BYTES * 4L * inputs.length, 64);
      MemorySegment bias = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_FLOAT, inputs);
      MemorySegment c = arena.allocate(Float.BYTES * (long) inputs.length, 64);
      Matmul matmul = cache.get(shape);
      matmul.run(0, zeros.address(), zeros.address(), bias.address(), c.address());
      return NativeFloats.read(c);
    }
  }

  @Test
  void sameBitsOnEveryThread() throws InterruptedException {
    MatmulShape shape = MatmulShape.dense(67, 259, 301, false, true, MatmulEpilogue.TANH);
    SplittableRandom random = new SplittableRandom(5);
    try (Arena arena = Arena.ofShared()) {
      long a = NativeFloats.random(arena, NativeFloats.storedA(shape), random).address();
      long b = NativeFloats.random(arena, NativeFloats.storedB(shape), random).address();
      Matmul matmul = cache.get(shape);
      List<MemorySegment> results =
          List.of(
              arena.allocate(Float.BYTES * 67 * 259, 64),
              arena.allocate(Float.BYTES * 67 * 259, 64),
              arena.allocate(Float.BYTES * 67 * 259, 64));
      matmul.run(0, a, b, 0, results.get(0).address());
      Thread[] threads = new Thread[2];
      for (int i = 0; i < 2; i++) {
        int number = i;
        threads[i] =
            new Thread(() -> matmul.run(number, a, b, 0, results.get(number + 1).address()));
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      float[] expected = NativeFloats.read(results.get(0));
      assertThat(Arrays.equals(expected, NativeFloats.read(results.get(1)))).isTrue();
      assertThat(Arrays.equals(expected, NativeFloats.read(results.get(2)))).isTrue();
    }
  }

  @Test
  void impossibleShapesAreRefusedWithTheirNumbers() {
    assertThatThrownBy(() -> MatmulShape.dense(4, 0, 3, false, false, MatmulEpilogue.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("n=0");
    MatmulShape good = MatmulShape.dense(4, 5, 3, false, false, MatmulEpilogue.NONE);
    assertThatThrownBy(() -> good.slice(4, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leading dimension of B is 5, needs 6");
    assertThatThrownBy(
            () ->
                new MatmulShape(
                    MatmulTypes.U8S8S32, 1, 1, 1, false, true, 1, 1, 1, true, MatmulEpilogue.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("U8S8S32");
  }

  @Test
  void closedProductRefuses() {
    Matmul matmul =
        new Matmul(oneDnn, MatmulShape.dense(2, 2, 2, false, false, MatmulEpilogue.NONE));
    matmul.close();
    matmul.close();
    assertThatThrownBy(() -> matmul.run(0, 0, 0, 0, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void cacheCompilesOnceAndFreesAtItsEnd() {
    Matmul first;
    try (MatmulCache own = new MatmulCache(oneDnn)) {
      first = own.get(square(2));
      assertThat(own.get(square(2))).isSameAs(first);
      assertThat(own.get(square(3))).isNotSameAs(first);
    }
    assertThatThrownBy(() -> first.run(0, 0, 0, 0, 0)).isInstanceOf(IllegalStateException.class);
  }

  private static MatmulShape square(long n) {
    return MatmulShape.dense(n, n, n, false, false, MatmulEpilogue.NONE);
  }
}

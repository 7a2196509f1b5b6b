package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The products of training, cut over threads, against sums in double precision. */
final class ProductPlanTest {
  private static final int PADDING = 5;

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1",
    "7, 3, 5, 2",
    "1, 1024, 301, 2",
    "33, 257, 129, 2",
    "128, 1024, 10, 2",
    "64, 100, 200, 3",
    "65, 130, 90, 7"
  })
  void allProductsAgreeWithDoublePrecision(long batch, long in, long out, int threads) {
    SplittableRandom random = new SplittableRandom(batch + in + out);
    long ldx = in + PADDING;
    long ldz = out + PADDING;
    long ldw = in + 1;
    try (Arena arena = Arena.ofShared();
        OneDnn oneDnn = OneDnn.open(threads);
        MatmulCache cache = new MatmulCache(oneDnn);
        Workers workers = new Workers(threads)) {
      MemorySegment x = NativeFloats.random(arena, batch * ldx, random);
      MemorySegment w = NativeFloats.random(arena, out * ldw, random);
      MemorySegment dz = NativeFloats.random(arena, batch * ldz, random);
      MemorySegment bias = NativeFloats.random(arena, out, random);

      MemorySegment y = NativeFloats.random(arena, batch * ldz, random);
      float[] before = NativeFloats.read(y);
      SlicedMatmul forward =
          ProductPlan.forward(
              cache, threads, batch, in, out, ldx, ldw, ldz, true, MatmulEpilogue.TANH);
      workers.run(
          (part, _) ->
              forward.runPart(
                  part, x.address(), w.address(), bias.address(), y.address(), PartEpilogue.NONE));
      float[] floatsBias = NativeFloats.read(bias);
      check(
          forward.shape(),
          x,
          w,
          before,
          y,
          (product, old, column) -> Math.tanh(product + floatsBias[column]));

      MemorySegment dx = NativeFloats.random(arena, batch * ldx, random);
      before = NativeFloats.read(dx);
      SlicedSgemm backward =
          ProductPlan.backwardInput(oneDnn, threads, batch, in, out, ldz, ldw, ldx);
      run(workers, backward, dz, w, dx, PartEpilogue.NONE);
      check(backward.shape(), dz, w, before, dx, (product, old, column) -> product);

      PanelledSgemm panels = new PanelledSgemm(oneDnn, backward);
      MemorySegment scratch = arena.allocate(threads * panels.scratchBytes(), 64);
      MemorySegment again = NativeFloats.random(arena, batch * ldx, random);
      before = NativeFloats.read(again);
      workers.run(
          (part, _) ->
              panels.runPart(
                  part,
                  dz.address(),
                  w.address(),
                  again.address(),
                  scratch.address() + part * panels.scratchBytes(),
                  PartEpilogue.NONE));
      check(backward.shape(), dz, w, before, again, (product, old, column) -> product);
    }
  }

  private static void run(
      Workers workers,
      SlicedSgemm product,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      PartEpilogue epilogue) {
    workers.run(
        (part, _) -> product.runPart(part, a.address(), b.address(), c.address(), epilogue));
  }

  /** What an element of C must be. */
  private interface Rule {
    double expected(double product, float old, int column);
  }

  private static void check(
      MatmulShape shape,
      MemorySegment a,
      MemorySegment b,
      float[] before,
      MemorySegment c,
      Rule rule) {
    float[] floatsA = NativeFloats.read(a);
    float[] floatsB = NativeFloats.read(b);
    float[] after = NativeFloats.read(c);
    for (int i = 0; i < after.length; i++) {
      long row = i / shape.ldc();
      long column = i % shape.ldc();
      if (column >= shape.n()) {
        assertThat(after[i]).as("guard at %d,%d of %s", row, column, shape).isEqualTo(before[i]);
        continue;
      }
      double product = NativeFloats.product(shape, floatsA, floatsB, row, column);
      double expected = rule.expected(product, before[i], (int) column);
      double tolerance = NativeFloats.tolerance(shape);
      assertThat(Math.abs(after[i] - expected) <= tolerance)
          .as("C[%d,%d] = %s, expected %s, of %s", row, column, after[i], expected, shape)
          .isTrue();
    }
  }

  @Test
  void cutsCoverTheResultWithoutOverlap() {
    SplittableRandom random = new SplittableRandom(9);
    for (int trial = 0; trial < 500; trial++) {
      int rows = random.nextInt(1, 200);
      int columns = random.nextInt(1, 200);
      int threads = random.nextInt(1, 20);
      ProductGrid grid = ProductGrid.of(rows, columns, 1 << 16, threads, random.nextBoolean());
      assertThat(grid.parts()).isBetween(1, threads);
      int[] covered = new int[rows * columns];
      for (int part = 0; part < grid.parts(); part++) {
        assertThat(grid.endRow(part)).isGreaterThan(grid.firstRow(part));
        assertThat(grid.endColumn(part)).isGreaterThan(grid.firstColumn(part));
        for (long r = grid.firstRow(part); r < grid.endRow(part); r++) {
          for (long c = grid.firstColumn(part); c < grid.endColumn(part); c++) {
            covered[(int) (r * columns + c)]++;
          }
        }
      }
      assertThat(Arrays.stream(covered).allMatch(n -> n == 1)).as("%s", grid).isTrue();
    }
  }

  @Test
  void tinyProductsStayOnOneThread() {
    assertThat(ProductGrid.of(32, 64, 64, 8, false).parts()).isEqualTo(1);
    assertThat(ProductGrid.of(128, 1024, 1024, 2, false).columnParts()).isEqualTo(2);
    assertThat(ProductGrid.of(128, 10, 1024, 2, false).rowParts()).isEqualTo(2);
  }

  @Test
  void epilogueSeesEveryElementOnceAfterItsProduct() {
    try (Arena arena = Arena.ofShared();
        OneDnn oneDnn = OneDnn.open(3);
        Workers workers = new Workers(3)) {
      SplittableRandom random = new SplittableRandom(4);
      MemorySegment dz = NativeFloats.random(arena, 64 * 200, random);
      MemorySegment w = NativeFloats.random(arena, 200 * 96, random);
      MemorySegment dx = arena.allocate(Float.BYTES * 64 * 96, 64);
      SlicedSgemm product = ProductPlan.backwardInput(oneDnn, 3, 64, 96, 200, 200, 96, 96);
      run(workers, product, dz, w, dx, PartEpilogue.NONE);
      float[] plain = NativeFloats.read(dx);
      run(
          workers,
          product,
          dz,
          w,
          dx,
          (firstRow, endRow, firstColumn, endColumn) -> {
            for (long r = firstRow; r < endRow; r++) {
              for (long c = firstColumn; c < endColumn; c++) {
                long index = r * 96 + c;
                float value = dx.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, index);
                dx.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, index, 2 * value);
              }
            }
          });
      float[] doubled = NativeFloats.read(dx);
      for (int i = 0; i < plain.length; i++) {
        assertThat(doubled[i]).isEqualTo(2 * plain[i]);
      }
    }
  }
}

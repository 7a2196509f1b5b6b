package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Activation;
import dev.feedlight.device.CameraResponse;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.TernaryRule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Vector and plain loops give the same bits, write the same bytes and no others. Every case runs
 * both on equal copies of one arena and compares all of it.
 */
final class LoopsParityTest {
  private static final Loops PLAIN = new PlainLoops();
  private static final Loops VECTOR = new VectorLoops();
  private static final int SLOT = 4 * 2400; // bytes between buffers; the largest case leaves a gap
  private static final int SLOTS = 10;
  private static final float[] SPECIAL = {
    0f,
    -0f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1f,
    -1f,
    5.6f,
    -5.6f,
    9f,
    -9f,
    87f,
    -87f,
    88.7f,
    -88.7f,
    104f,
    -104f
  };

  private static final int[] SIZES = {0, 1, 3, 7, 8, 15, 16, 17, 31, 63, 64, 65, 127, 1000, 2051};

  static int[] sizes() {
    return SIZES;
  }

  /** One operation on buffers, returning what it returns or null. */
  private interface Case extends BiFunction<Loops, long[], Object> {}

  private static void same(Filling filling, Case operation) {
    same(filling, operation, false);
  }

  /** As same, but any NaN is as good as another: Java does not say which one an operation makes. */
  private static void sameNumbers(Filling filling, Case operation) {
    same(filling, operation, true);
  }

  private static void same(Filling filling, Case operation, boolean anyNan) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = arena.allocate((long) SLOT * SLOTS, 64);
      filling.fill(first);
      MemorySegment second = arena.allocate(first.byteSize(), 64).copyFrom(first);
      Object expected = operation.apply(PLAIN, slots(first));
      Object actual = operation.apply(VECTOR, slots(second));
      assertThat(actual).isEqualTo(expected);
      if (anyNan) {
        unifyNans(first);
        unifyNans(second);
      }
      long mismatch = first.mismatch(second);
      assertThat(mismatch)
          .as(() -> "slot " + mismatch / SLOT + ", byte " + mismatch % SLOT)
          .isEqualTo(-1);
    }
  }

  private static void unifyNans(MemorySegment memory) {
    for (long i = 0; i < memory.byteSize() / 4; i++) {
      if (Float.isNaN(memory.getAtIndex(ValueLayout.JAVA_FLOAT, i))) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NaN);
      }
    }
  }

  private interface Filling {
    void fill(MemorySegment memory);
  }

  private static long[] slots(MemorySegment memory) {
    long[] slots = new long[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = memory.address() + (long) i * SLOT;
    }
    return slots;
  }

  private static void normals(MemorySegment memory) {
    Random random = new Random(42);
    for (long i = 0; i < memory.byteSize() / 4; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (3 * random.nextGaussian()));
    }
  }

  /** Normal deviates with all special values strewn in. */
  private static void wild(MemorySegment memory) {
    normals(memory);
    Random random = new Random(43);
    for (long i = 0; i < memory.byteSize() / 4; i += 1 + random.nextInt(4)) {
      float value = SPECIAL[random.nextInt(SPECIAL.length)];
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  private static void magnitudes(MemorySegment memory) {
    normals(memory);
    for (long i = 0; i < memory.byteSize() / 4; i++) {
      float value = memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.abs(value));
    }
  }

  private static Filling fields(int magnitude) {
    return memory -> {
      Random random = new Random(44);
      for (long i = 0; i < memory.byteSize() / 4; i++) {
        int value = (int) (random.nextGaussian() * magnitude);
        memory.setAtIndex(ValueLayout.JAVA_INT, i, i % 97 == 0 ? 0 : value);
      }
      for (long i = 0; i < SLOT / 4; i++) { // slot 0: anchor counts
        float count = i % 13 == 0 ? 0 : random.nextInt(256);
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, count);
      }
    };
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activations(Activation f) {
    for (int n : SIZES) {
      sameNumbers(
          LoopsParityTest::wild,
          (loops, p) -> run(() -> loops.activate(f, p[0], n, p[2], n, 1, n)));
      sameNumbers(
          LoopsParityTest::wild,
          (loops, p) -> run(() -> loops.activate(f, p[2], n, p[2], n, 1, n)));
    }
    sameNumbers(
        LoopsParityTest::wild,
        (loops, p) -> run(() -> loops.activate(f, p[0], 41, p[2], 50, 9, 37)));
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activationGradients(Activation f) {
    for (int n : SIZES) {
      sameNumbers(
          LoopsParityTest::wild,
          (loops, p) -> run(() -> loops.activationGradient(f, p[0], n, p[2], n, p[4], n, 1, n)));
      sameNumbers(
          LoopsParityTest::wild,
          (loops, p) -> run(() -> loops.activationGradient(f, p[2], n, p[2], n, p[4], n, 1, n)));
    }
    sameNumbers(
        LoopsParityTest::wild,
        (loops, p) -> run(() -> loops.activationGradient(f, p[0], 40, p[2], 41, p[4], 42, 7, 39)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void dropout(int n) {
    for (long sample : new long[] {0, (1L << 32) + 3}) {
      sameNumbers(
          LoopsParityTest::wild,
          (loops, p) -> run(() -> loops.dropout(p[0], p[2], n, 1 << 22, 4f / 3, 9, sample)));
      sameNumbers(
          LoopsParityTest::wild,
          (loops, p) -> run(() -> loops.dropout(p[2], p[2], n, 1 << 23, 2, 10, sample)));
    }
    sameNumbers(LoopsParityTest::wild, (loops, p) -> run(() -> loops.scale(p[0], p[2], n, 0.3f)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void updates(int n) {
    List<Optimizer> optimizers =
        List.of(
            Optimizer.sgd(),
            new Optimizer.Sgd(0.1f),
            Optimizer.momentum(0.9f),
            new Optimizer.Momentum(0.5f, 0.01f),
            Optimizer.adam(),
            new Optimizer.Adam(0.9f, 0.99f, 1e-8f, 0.1f, false),
            Optimizer.adamW(0.1f));
    for (Optimizer optimizer : optimizers) {
      for (boolean decay : new boolean[] {false, true}) {
        same(
            LoopsParityTest::magnitudes,
            (loops, p) ->
                run(
                    () ->
                        loops.update(
                            optimizer, p[0], p[2], p[4], p[6], n, 0.01f, decay, 1.7f, 3.1f)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void sumsAndLosses(int n) {
    same(LoopsParityTest::normals, (loops, p) -> loops.sumOfSquares(p[0], n));
    sameNumbers(LoopsParityTest::wild, (loops, p) -> loops.sumOfSquares(p[0], n));
    same(LoopsParityTest::normals, (loops, p) -> loops.squaredError(p[0], p[2], p[4], n, 0.3f));
    sameNumbers(LoopsParityTest::wild, (loops, p) -> loops.allFinite(p[0], n));
    same(LoopsParityTest::normals, (loops, p) -> loops.allFinite(p[0], n));
    sameNumbers(LoopsParityTest::wild, (loops, p) -> run(() -> loops.accumulate(p[0], p[2], n, 0)));
    same(LoopsParityTest::normals, (loops, p) -> run(() -> loops.accumulate(p[0], p[2], n, 1)));
    if (n > 0) {
      same(
          LoopsParityTest::normals,
          (loops, p) -> loops.softmaxCrossEntropy(p[0], p[2], n, n / 2, 0.1f));
      same(
          LoopsParityTest::normals,
          (loops, p) -> loops.softmaxCrossEntropy(p[2], p[2], n, n - 1, 0.1f));
      sameNumbers(
          LoopsParityTest::wild, (loops, p) -> loops.softmaxCrossEntropy(p[0], p[2], n, 0, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 40, 65, 100})
  void columns(int columns) {
    int rows = 11;
    int stride = columns + 7;
    same(
        LoopsParityTest::normals,
        (loops, p) -> run(() -> loops.columnSums(p[0], p[2], stride, rows, columns)));
    same(
        LoopsParityTest::normals,
        (loops, p) -> run(() -> loops.subtractColumnMeans(p[0], stride, rows, columns)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void randomFill(int n) {
    long wrap = 4L << 32; // the low counter word runs over here
    for (long first : new long[] {0, 1, 4, 6, 12345, wrap - 40, wrap - 3}) {
      for (boolean normal : new boolean[] {false, true}) {
        same(
            LoopsParityTest::normals,
            (loops, p) -> run(() -> loops.randomFill(p[0], first, n, normal, 0.7f, 0x1234567890L)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void ternarize(int n) {
    List<TernaryRule> rules =
        List.of(
            new TernaryRule.Sign(),
            new TernaryRule.Absolute(8f),
            new TernaryRule.RelativeToMax(0.3f),
            new TernaryRule.RelativeToRms(0.6f),
            new TernaryRule.Stochastic());
    for (TernaryRule rule : rules) {
      for (Filling filling : List.<Filling>of(LoopsParityTest::normals, LoopsParityTest::wild)) {
        same(
            filling,
            (loops, p) -> run(() -> loops.ternarize(rule, p[0], p[2], p[4], n, 5, 77, 1L << 33)));
      }
    }
    same(
        memory -> {
          Random random = new Random(1);
          for (long i = 0; i < memory.byteSize(); i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (random.nextInt(3) - 1));
          }
        },
        (loops, p) -> run(() -> loops.splitTernary(p[0], p[2], p[4], n)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 10, 63, 64, 65, 784})
  void speckle(int columns) {
    for (long firstColumn : new long[] {0, 8, 16_909_312}) {
      same(
          LoopsParityTest::normals,
          (loops, p) ->
              run(() -> loops.speckle(p[0], p[2], columns, 3, 4, firstColumn, columns, 9)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2_000, 20_000_000, 40_000_000, 900_000_000})
  void cameraAndReadOut(int magnitude) {
    float gain = 40f / ((float) magnitude * magnitude);
    float none = Float.POSITIVE_INFINITY;
    List<CameraResponse> cameras =
        List.of(
            new CameraResponse(gain, 0, 0, false, none),
            new CameraResponse(gain, 0, 0, true, 255),
            new CameraResponse(gain, 0, 0, false, 100),
            new CameraResponse(gain, 1.5f, 0, true, none),
            new CameraResponse(gain, 1.5f, 0.3f, true, 255),
            new CameraResponse(gain * 1e7f, 0, 0, true, none));
    for (CameraResponse camera : cameras) {
      CameraSetup setup = CameraSetup.plain(camera, 5);
      for (int n : new int[] {1, 7, 8, 9, 31, 100, 512, 519, 1100}) {
        same(
            fields(magnitude),
            (loops, p) -> run(() -> loops.expose(p[8], p[1], p[2], 17, n, setup, 1L << 40, 6)));
        for (ReadOut readOut : List.of(new ReadOut(1, true, 0.7f), new ReadOut(0, false, 2))) {
          same(
              fields(magnitude),
              (loops, p) ->
                  run(
                      () ->
                          loops.readOut(
                              p[8], p[1], p[2], p[3], p[4], p[5], p[6], p[0], 17, n, 0.01f, 1.3f,
                              setup, readOut, 1L << 40)));
        }
      }
    }
  }

  /** Products of 0 and negative fields: in integers there is no -0. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void equalFramesGivePlusZero(boolean saturates) {
    float full = saturates ? 255 : Float.POSITIVE_INFINITY;
    CameraResponse camera = new CameraResponse(1e-5f, 0, 0, false, full);
    CameraSetup setup = CameraSetup.plain(camera, 5);
    ReadOut readOut = new ReadOut(0, false, 1);
    Filling negative =
        memory -> {
          for (long i = 0; i < memory.byteSize() / 4; i++) {
            memory.setAtIndex(ValueLayout.JAVA_INT, i, i < SLOT / 4 ? 0 : (int) (-1 - i % 50));
          }
        };
    same(
        negative,
        (loops, p) ->
            run(
                () ->
                    loops.readOut(
                        p[8], p[1], p[1], p[1], p[1], p[5], p[6], p[5], 0, 100, 0, 1, setup,
                        readOut, 0)));
    same(
        negative,
        (loops, p) ->
            run(
                () ->
                    loops.readOut(
                        p[8], p[1], p[1], p[0], p[0], p[0], p[5], p[0], 0, 100, 0, 1, setup,
                        readOut, 0)));
  }

  @Test
  void theComparisonSeesOneChangedByte() {
    assertThatThrownBy(
            () ->
                same(
                    LoopsParityTest::normals,
                    (loops, p) ->
                        run(() -> loops.accumulate(p[0], p[2], loops == PLAIN ? 99 : 100, 0))))
        .isInstanceOf(AssertionError.class);
  }

  private static Object run(Runnable operation) {
    operation.run();
    return null;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "8, 8", "7, 9", "16, 24", "17, 33", "40, 31", "3, 64"})
  void transpose(int rows, int columns) {
    for (boolean bias : new boolean[] {false, true}) {
      Case turn =
          (loops, slots) -> {
            loops.transpose(
                slots[0], rows + 2, slots[1], columns + 1, rows, columns, bias ? slots[2] : 0);
            return null;
          };
      if (bias) {
        sameNumbers(LoopsParityTest::wild, turn);
      } else {
        same(LoopsParityTest::wild, turn);
      }
    }
  }

  @Test
  void transposeExchangesRowsAndColumnsAndAddsTheBias() {
    for (Loops loops : List.of(PLAIN, VECTOR)) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment source = arena.allocate(4 * 9 * 21, 64);
        MemorySegment bias = arena.allocate(4 * 9, 64);
        MemorySegment target = arena.allocate(4 * 20 * 10, 64);
        for (int r = 0; r < 9; r++) {
          bias.setAtIndex(ValueLayout.JAVA_FLOAT, r, 1000 * r);
          for (int c = 0; c < 20; c++) {
            source.setAtIndex(ValueLayout.JAVA_FLOAT, 21 * r + c, 20 * r + c);
          }
        }
        loops.transpose(target.address(), 10, source.address(), 21, 9, 20, bias.address());
        for (int r = 0; r < 9; r++) {
          for (int c = 0; c < 20; c++) {
            assertThat(target.getAtIndex(ValueLayout.JAVA_FLOAT, 10 * c + r))
                .isEqualTo(1020f * r + c);
          }
        }
      }
    }
  }
}

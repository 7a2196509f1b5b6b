package dev.feedlight.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.StructuredTransmission.Plane;
import dev.feedlight.device.reference.StructuredField;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The field behind the structured transmission matrix: its definition, bit for bit, and T. */
final class HadamardTest {
  private static final long KEY = 0x0123456789ABCDEFL;
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  static List<Loops> loops() {
    return List.of(new PlainLoops(), new VectorLoops());
  }

  /**
   * Both loops, every split over threads and samples. Beyond 2^16 values need more than 24 bits, so
   * the order of the additions shows.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "16, 16",
    "100, 90",
    "128, 128",
    "129, 7",
    "7, 129",
    "333, 512",
    "1000, 777",
    "4096, 4096",
    "8000, 16384",
    "16385, 20",
    "20, 70000",
    "131072, 131071",
    "200000, 100"
  })
  void fieldsAreTheirDefinitionBitForBit(int inputs, int outputs) {
    Mirrors[] shown = {Mirrors.POSITIVE, Mirrors.NEGATIVE, Mirrors.SIGNED};
    for (int batch : new int[] {1, 4}) {
      byte[][] rows = HadamardLab.ternary(batch, inputs, inputs + outputs);
      Arrays.fill(rows[batch - 1], (byte) 1); // the anchor; its N is dark
      float[][][][] expected = new float[batch][shown.length][][];
      for (int row = 0; row < batch; row++) {
        for (int f = 0; f < shown.length; f++) {
          StructuredField field =
              StructuredField.of(KEY, HadamardLab.lit(rows[row], shown[f]), outputs);
          expected[row][f] = new float[][] {field.real(), field.imaginary()};
        }
      }
      for (Loops loops : loops()) {
        for (int threads = 1; threads <= 3; threads++) {
          try (HadamardLab lab = new HadamardLab(loops, threads)) {
            // Another medium first, so that the scratch is not clean.
            lab.fields(~KEY, 2 * outputs, new byte[][] {{1}}, DType.S8, Mirrors.SIGNED);
            assertSame(
                lab.fields(KEY, outputs, rows, DType.S8, shown),
                expected,
                loops.getClass().getSimpleName() + ", " + threads + " threads, batch " + batch);
          }
        }
      }
    }
  }

  private static void assertSame(float[][][][] actual, float[][][][] expected, String what) {
    for (int row = 0; row < expected.length; row++) {
      for (int f = 0; f < expected[row].length; f++) {
        for (int part = 0; part < 2; part++) {
          int[] bits = bits(actual[row][f][part]);
          int[] wanted = bits(expected[row][f][part]);
          assertThat(Arrays.mismatch(bits, wanted))
              .as("first wrong pixel: %s, sample %d, field %d, part %d", what, row, f, part)
              .isEqualTo(-1);
        }
      }
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void framesOfUnsignedBytesAreTheSame() {
    byte[][] frame = {{1, 0, 0, 1, 1, 0, 1}};
    try (HadamardLab lab = new HadamardLab(new VectorLoops(), 2)) {
      assertSame(
          lab.fields(KEY, 200, frame, DType.U8, Mirrors.SIGNED),
          lab.fields(KEY, 200, frame, DType.S8, Mirrors.POSITIVE),
          "frame");
    }
  }

  /** This is what makes the comparison of bits see the order of the additions. */
  @Test
  void theOrderOfTheStagesShowsFromASizeOn() {
    for (int bits : new int[] {12, 18}) {
      float[] upwards = new float[1 << bits];
      for (int i = 0; i < upwards.length; i++) {
        upwards[i] = i * i % 3 - 1 + i % 5; // not exact further up
      }
      float[] downwards = upwards.clone();
      for (int transform = 0; transform < 3; transform++) {
        for (int bit = 0; bit < bits; bit++) {
          stage(upwards, 1 << bit);
          stage(downwards, 1 << (bits - 1 - bit));
        }
        for (int i = 0; i < upwards.length; i += 3) {
          upwards[i] = -upwards[i];
          downwards[i] = -downwards[i];
        }
      }
      assertThat(Arrays.equals(upwards, downwards)).isEqualTo(bits == 12);
    }
  }

  private static void stage(float[] v, int stride) {
    for (int j = 0; j < v.length; j++) {
      if ((j & stride) == 0) {
        float a = v[j];
        float b = v[j + stride];
        v[j] = a + b;
        v[j + stride] = a - b;
      }
    }
  }

  /** T from the formula: popcounts, in double precision. */
  private static double[][][] dense(int inputs, int outputs) {
    int size = StructuredTransmission.size(inputs, outputs);
    double[][] inner = new double[size][inputs]; // D2 between two transforms
    for (int k = 0; k < size; k++) {
      for (int j = 0; j < inputs; j++) {
        for (int l = 0; l < size; l++) {
          inner[k][j] += hadamard(k, l) * sign(Plane.SECOND, l) * hadamard(l, j);
        }
      }
    }
    double[][][] entries = new double[2][outputs][inputs];
    for (int i = 0; i < outputs; i++) {
      for (int j = 0; j < inputs; j++) {
        for (int k = 0; k < size; k++) {
          int part = sign(Plane.TURN, k) < 0 ? 1 : 0;
          entries[part][i][j] +=
              hadamard(i, k)
                  * sign(Plane.THIRD, k)
                  * inner[k][j]
                  * sign(Plane.FIRST, j)
                  / (double) size;
        }
      }
    }
    return entries;
  }

  private static int hadamard(int row, int column) {
    return 1 - 2 * (Integer.bitCount(row & column) & 1);
  }

  private static int sign(Plane plane, int element) {
    int[] words = new int[4];
    Philox.block(KEY, element / 128, 0, 0, plane.number(), words);
    return 1 - 2 * (words[element % 128 / 32] >>> element % 32 & 1);
  }

  /**
   * Up to N = 2^12 everything is exact: no partial sum exceeds N^2 / N in units of 1 / N, by Cauchy
   * and Schwarz, and N^2 fits 24 bits. So no tolerance.
   */
  @ParameterizedTest
  @CsvSource({"100, 90", "150, 200"})
  void fieldsAreProductsWithADenseMatrix(int inputs, int outputs) {
    double[][][] entries = dense(inputs, outputs);
    byte[][] unitVectors = new byte[inputs][inputs];
    for (int j = 0; j < inputs; j++) {
      unitVectors[j][j] = 1;
    }
    try (HadamardLab lab = new HadamardLab(new VectorLoops(), 2)) {
      float[][][][] columns = lab.fields(KEY, outputs, unitVectors, DType.S8, Mirrors.SIGNED);
      byte[][] rows = HadamardLab.ternary(3, inputs, 1);
      float[][][][] fields = lab.fields(KEY, outputs, rows, DType.S8, Mirrors.SIGNED);
      for (int part = 0; part < 2; part++) {
        for (int i = 0; i < outputs; i++) {
          for (int j = 0; j < inputs; j++) {
            assertThat((double) columns[j][0][part][i]).isEqualTo(entries[part][i][j] + 0.0);
          }
          for (int row = 0; row < rows.length; row++) {
            double sum = 0;
            for (int j = 0; j < inputs; j++) {
              sum += entries[part][i][j] * rows[row][j];
            }
            assertThat((double) fields[row][0][part][i]).isEqualTo(sum + 0.0);
          }
        }
      }
    }
  }

  /**
   * A stage multiplies lengths by sqrt(2) and adds roundings of at most u times its result, so two
   * transforms that round, of L stages each, err by at most 2 L u of the length, to first order;
   * the first one is exact.
   */
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void roundingIsThatOfTwoTransforms(int bits) {
    int size = 1 << bits;
    byte[][] rows = HadamardLab.ternary(1, size, 3);
    double[] v = new double[size];
    for (int j = 0; j < size; j++) {
      v[j] = rows[0][j] * sign(Plane.FIRST, j);
    }
    transform(v);
    double[][] exact = new double[2][size];
    for (int j = 0; j < size; j++) {
      v[j] *= sign(Plane.SECOND, j);
    }
    transform(v);
    for (int j = 0; j < size; j++) {
      exact[sign(Plane.TURN, j) < 0 ? 1 : 0][j] = v[j] * sign(Plane.THIRD, j) / size;
    }
    try (HadamardLab lab = new HadamardLab(new VectorLoops(), 2)) {
      float[][] field = lab.fields(KEY, size, rows, DType.S8, Mirrors.SIGNED)[0][0];
      for (int part = 0; part < 2; part++) {
        transform(exact[part]);
        double error = 0;
        double length = 0;
        for (int i = 0; i < size; i++) {
          error += Math.pow(field[part][i] - exact[part][i], 2);
          length += Math.pow(exact[part][i], 2);
        }
        double relative = Math.sqrt(error / length);
        assertThat(!(relative <= 2 * bits * UNIT_ROUNDOFF)).as("%s", relative).isFalse();
        assertThat(relative > 0).isEqualTo(bits == 18); // 2^14 is still exact
      }
    }
  }

  private static void transform(double[] v) {
    for (int stride = 1; stride < v.length; stride *= 2) {
      for (int j = 0; j < v.length; j++) {
        if ((j & stride) == 0) {
          double a = v[j];
          v[j] = a + v[j + stride];
          v[j + stride] = a - v[j + stride];
        }
      }
    }
  }

  /** The columns of the square matrix are orthogonal; fp32 is exact here, and so is the sum. */
  @Test
  void meanSquareOfAColumnIsOne() {
    int size = 1 << 14;
    byte[][] unitVectors = new byte[5][size];
    int[] columns = {0, 1, 127, 4711, size - 1};
    for (int row = 0; row < columns.length; row++) {
      unitVectors[row][columns[row]] = 1;
    }
    try (HadamardLab lab = new HadamardLab(new VectorLoops(), 2)) {
      for (float[][][] field : lab.fields(KEY, size, unitVectors, DType.S8, Mirrors.SIGNED)) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
          sum += Math.pow(field[0][0][i], 2) + Math.pow(field[0][1][i], 2);
        }
        assertThat(sum / size).isEqualTo(1);
      }
    }
  }

  @Test
  void asManyRowsAndColumnsAsFitChangeNoEntry() {
    byte[][] few = HadamardLab.ternary(1, 300, 9);
    byte[][] many = {Arrays.copyOf(few[0], 1000)};
    try (HadamardLab lab = new HadamardLab(new VectorLoops(), 1)) {
      float[][] all = lab.fields(KEY, 1024, many, DType.S8, Mirrors.SIGNED)[0][0];
      float[][] some = lab.fields(KEY, 600, few, DType.S8, Mirrors.SIGNED)[0][0];
      float[][] larger = lab.fields(KEY, 1025, few, DType.S8, Mirrors.SIGNED)[0][0];
      for (int part = 0; part < 2; part++) {
        assertThat(some[part]).isEqualTo(Arrays.copyOf(all[part], 600));
        assertThat(larger[part]).isNotEqualTo(Arrays.copyOf(all[part], 1025));
      }
    }
  }

  @Test
  void sizesAndRefusals() {
    assertThat(StructuredTransmission.size(1, 1)).isEqualTo(128);
    assertThat(StructuredTransmission.size(128, 128)).isEqualTo(128);
    assertThat(StructuredTransmission.size(129, 1)).isEqualTo(256);
    assertThat(StructuredTransmission.size(1_000_000, 2_000_000)).isEqualTo(1 << 21);
    assertThat(StructuredTransmission.size(1, 1 << 21)).isEqualTo(1 << 21);
    assertThatThrownBy(() -> StructuredTransmission.size((1 << 21) + 1, 3))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("3 x 2097153 exceeds 2097152 x 2097152");
    assertThatThrownBy(() -> StructuredTransmission.size(0, 3))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("3 x 0: extents must be positive");
    assertThatThrownBy(() -> StructuredTransmission.size(3, -1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("-1 x 3: extents must be positive");
  }

  /** Other vector widths, as far as this machine has them: the whole of a field, by its hash. */
  @ParameterizedTest
  @ValueSource(strings = {"-XX:UseAVX=2", "-XX:MaxVectorSize=16"})
  void narrowerVectorsGiveTheSameBits(String option) throws Exception {
    ForkedJava.Result result =
        ForkedJava.run(Hashes.class, Map.of(), "--add-modules", "jdk.incubator.vector", option);
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains(Hashes.of(new PlainLoops()));
  }

  /** Entry point of the JVM with other vectors. */
  static final class Hashes {
    private Hashes() {}

    static String of(Loops loops) {
      StringBuilder hashes = new StringBuilder("hashes");
      try (HadamardLab lab = new HadamardLab(loops, 2)) {
        for (int inputs : new int[] {100, 5000, 131_000}) {
          byte[][] rows = HadamardLab.ternary(2, inputs, 4);
          float[][][][] fields =
              lab.fields(KEY, inputs, rows, DType.S8, Mirrors.POSITIVE, Mirrors.NEGATIVE);
          int hash = 0;
          for (float[][][] sample : fields) {
            for (float[][] field : sample) {
              hash = 31 * hash + Arrays.hashCode(bits(field[0]));
              hash = 31 * hash + Arrays.hashCode(bits(field[1]));
            }
          }
          hashes.append(' ').append(hash);
        }
      }
      return hashes.toString();
    }

    public static void main(String[] arguments) {
      System.out.println(VectorMemory.FLOATS.vectorBitSize() + " bits, " + of(new VectorLoops()));
    }
  }
}

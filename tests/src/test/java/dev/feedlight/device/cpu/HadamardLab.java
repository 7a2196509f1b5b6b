package dev.feedlight.device.cpu;

import dev.feedlight.device.Precision;
import dev.feedlight.device.Scope;
import dev.feedlight.device.StructuredTransmission;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/** Threads, memory and loops for fields behind the structured transmission matrix. */
final class HadamardLab implements AutoCloseable {
  private static final int GAP = 5; // bytes between two rows of patterns

  private final Workers workers;
  private final CpuMemory memory = new CpuMemory(Long.MAX_VALUE);
  private final CpuContext context;

  HadamardLab(Loops loops, int threads) {
    this.workers = new Workers(threads);
    this.context = new CpuContext(workers, null, loops, memory, Precision.FP32); // no products here
  }

  /** Rows of -1, 0 and 1. */
  static byte[][] ternary(int batch, int inputs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[][] rows = new byte[batch][inputs];
    for (byte[] row : rows) {
      for (int i = 0; i < inputs; i++) {
        row[i] = (byte) random.nextInt(-1, 2);
      }
    }
    return rows;
  }

  /** The mirrors of a row that a field shows. */
  static int[] lit(byte[] row, Mirrors mirrors) {
    int[] lit = new int[row.length];
    for (int i = 0; i < row.length; i++) {
      lit[i] =
          switch (mirrors) {
            case SIGNED -> row[i];
            case POSITIVE -> row[i] > 0 ? 1 : 0;
            case NEGATIVE -> row[i] < 0 ? 1 : 0;
          };
    }
    return lit;
  }

  /** Rows in memory, with gaps between them that no mirror may come from. */
  Tensor patterns(Scope scope, byte[][] rows, DType type) {
    int inputs = rows[0].length;
    int stride = inputs + GAP;
    Tensor room = scope.allocate("patterns", new Shape(rows.length, stride), type);
    for (int r = 0; r < rows.length; r++) {
      for (int i = 0; i < stride; i++) {
        CpuAddress.setByte(
            room.address(), (long) r * stride + i, i < inputs ? rows[r][i] : (byte) 77);
      }
    }
    return new Tensor(room.storage(), 0, new Shape(rows.length, inputs), stride, type);
  }

  /** One matrix. */
  static List<Transmission.Structured> medium(long key, long inputs, long outputs) {
    return List.of(
        new Transmission.Structured(
            key, outputs, inputs, StructuredTransmission.size(inputs, outputs)));
  }

  private static int inputs(byte[][] rows) {
    return rows[0].length;
  }

  /** Computes fields: [sample][field][0 real, 1 imaginary][pixel]. */
  float[][][][] fields(long key, int outputs, byte[][] rows, DType type, Mirrors... shown) {
    float[][][][] fields = new float[rows.length][shown.length][2][outputs];
    AtomicLongArray seen = new AtomicLongArray(rows.length);
    try (Scope scope = memory.openScope("lab")) {
      HadamardField field =
          new HadamardField(
              context, medium(key, inputs(rows), outputs), patterns(scope, rows, type), 0, shown);
      field
          .overSamples(
              outputs,
              16,
              (_, sample, address, first, end) -> {
                for (int f = 0; f < shown.length; f++) {
                  for (int part = 0; part < 2; part++) {
                    long from = field.row(address, f, part == 1) + first * Float.BYTES;
                    MemorySegment.copy(
                        CpuAddress.ALL,
                        ValueLayout.JAVA_FLOAT,
                        from,
                        fields[(int) sample][f][part],
                        (int) first,
                        (int) (end - first));
                  }
                }
                seen.addAndGet((int) sample, end - first);
              })
          .run();
    }
    for (int sample = 0; sample < rows.length; sample++) {
      if (seen.get(sample) != outputs) {
        throw new IllegalStateException(
            "the consumer saw " + seen.get(sample) + " of " + outputs + " pixels");
      }
    }
    return fields;
  }

  CpuContext context() {
    return context;
  }

  Scope openScope() {
    return memory.openScope("lab");
  }

  @Override
  public void close() {
    workers.close();
    memory.close();
  }
}

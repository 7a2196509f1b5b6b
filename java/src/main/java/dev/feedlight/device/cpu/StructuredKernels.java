package dev.feedlight.device.cpu;

import dev.feedlight.device.OpticalOperation;
import dev.feedlight.device.PixelMap;
import dev.feedlight.device.StepControl;
import dev.feedlight.device.Transmission;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.util.List;

/**
 * Field and projection behind a structured matrix, a sample at a time; {@link OpticsKernels} has
 * those of matrices with rows.
 */
final class StructuredKernels {
  private final CpuContext context;
  private final Loops loops;

  StructuredKernels(CpuContext context) {
    this.context = context;
    this.loops = context.loops();
  }

  /** Whether a matrix belongs here. */
  static boolean takes(Transmission transmission) {
    return !media(transmission).isEmpty();
  }

  /** The structured matrices of a medium; none if it is made otherwise. */
  private static List<Transmission.Structured> media(Transmission transmission) {
    return switch (transmission) {
      case Transmission.Structured structured -> List.of(structured);
      case Transmission.Drifting(
              Transmission.Structured start,
              Transmission.Structured end,
              Tensor _) ->
          List.of(start, end);
      default -> List.of();
    };
  }

  Runnable field(OpticalOperation.SpeckleField op) {
    Tensor field = op.field();
    long outputs = op.transmission().outputs();
    Mirrors lit = op.pattern().dtype() == DType.S8 ? Mirrors.SIGNED : Mirrors.POSITIVE;
    Pieces pieces = new Pieces(op.transmission(), op.pixels(), op.pattern(), lit);
    return pieces.overSamples(
        (thread, sample, fields, first, n) -> {
          for (int part = 0; part < 2; part++) {
            boolean imaginary = part == 1;
            CpuAddress.copyFloats(
                LinearKernels.address(field, sample, part * outputs + first),
                pieces.field(thread, fields, 0, imaginary, first, n),
                n);
          }
        });
  }

  Runnable project(OpticalOperation.SpeckleProject op) {
    Tensor signal = op.signal();
    long inputs = op.ternary().columns();
    CameraSetup setup =
        CameraSetup.of(op.camera(), op.transmission().fieldType(), op.pixels(), op.noiseKey());
    long control = op.control().words().address();
    Pieces pieces =
        new Pieces(
            op.transmission(), op.pixels(), op.ternary(), Mirrors.POSITIVE, Mirrors.NEGATIVE);
    return pieces.overSamples(
        (thread, sample, fields, first, n) ->
            loops.readOut(
                LinearKernels.address(signal, sample, first),
                pieces.field(thread, fields, 0, false, first, n),
                pieces.field(thread, fields, 0, true, first, n),
                pieces.field(thread, fields, 1, false, first, n),
                pieces.field(thread, fields, 1, true, first, n),
                pieces.anchor(thread, op.anchorField(), false, first, n),
                pieces.anchor(thread, op.anchorField(), true, first, n),
                op.anchorCounts().address() + Float.BYTES * first,
                first,
                n,
                OpticsKernels.imbalance(op.counts(), sample, inputs),
                CpuAddress.getFloat(op.rowScale().address() + Float.BYTES * sample),
                setup,
                op.readOut(),
                CpuAddress.getLong(control + StepControl.PROJECTION) + sample));
  }

  /** Reads fields of a sample, a piece of the outputs at a time. */
  private interface Piece {
    void run(int thread, long sample, long fields, long first, long n);
  }

  /**
   * Fields by output instead of by pixel: as they are where output i is pixel i and nothing drifts;
   * otherwise gathered and mixed, a piece at a time, in the thread's scratch.
   */
  private final class Pieces {
    /** Outputs of a piece; ours: a dozen rows of 4 KB stay in the second-level cache. */
    private static final long LENGTH = 1024;

    private static final int ANCHORS = 2;

    private final HadamardField hadamard;
    private final int media;
    private final int lit;
    private final long outputs;
    private final long numbers;
    private final long weights;

    Pieces(Transmission transmission, PixelMap pixels, Tensor patterns, Mirrors... lit) {
      List<Transmission.Structured> matrices = media(transmission);
      this.media = matrices.size();
      this.lit = lit.length;
      this.outputs = transmission.outputs();
      this.numbers = pixels.numbers() == null ? 0 : pixels.numbers().address();
      this.weights =
          transmission instanceof Transmission.Drifting drifting ? drifting.weights().address() : 0;
      this.hadamard = new HadamardField(context, matrices, patterns, rows() * rowBytes(), lit);
    }

    // Pieces, each with real and imaginary parts: results | anchor | gathered ones of each matrix.
    private int rows() {
      return 2 * lit + ANCHORS + 2 * lit * media;
    }

    private long rowBytes() {
      return Float.BYTES * LENGTH;
    }

    private long row(int thread, int number) {
      return hadamard.free(thread) + number * rowBytes();
    }

    Runnable overSamples(Piece piece) {
      return hadamard.overSamples(
          outputs,
          LENGTH,
          (thread, sample, fields, begin, end) -> {
            for (long first = begin; first < end; first += LENGTH) {
              piece.run(thread, sample, fields, first, Math.min(LENGTH, end - first));
            }
          });
    }

    /** Address of n values of a field, from output {@code first} on. */
    long field(int thread, long fields, int number, boolean imaginary, long first, long n) {
      int place = 2 * number + (imaginary ? 1 : 0);
      long start = gathered(thread, fields, 0, number, imaginary, first, n);
      if (media == 1) {
        return start;
      }
      long end = gathered(thread, fields, 1, number, imaginary, first, n);
      loops.mix(row(thread, place), start, end, n, weights, false);
      return row(thread, place);
    }

    private long gathered(
        int thread, long fields, int medium, int number, boolean imaginary, long first, long n) {
      long source = hadamard.row(fields, medium * lit + number, imaginary);
      if (numbers == 0) {
        return source + Float.BYTES * first;
      }
      int place = 2 * (medium * lit + number) + (imaginary ? 1 : 0);
      long target = row(thread, 2 * lit + ANCHORS + place);
      for (long i = 0; i < n; i++) {
        long pixel = CpuAddress.getInt(numbers, first + i);
        CpuAddress.setFloat(target, i, CpuAddress.getFloat(source, pixel));
      }
      return target;
    }

    /** Address of n values of the anchor's field. */
    long anchor(int thread, Tensor anchor, boolean imaginary, long first, long n) {
      long column = (imaginary ? outputs : 0) + first;
      long start = LinearKernels.address(anchor, 0, column);
      if (media == 1) {
        return start;
      }
      long target = row(thread, 2 * lit + (imaginary ? 1 : 0));
      loops.mix(target, start, LinearKernels.address(anchor, 1, column), n, weights, false);
      return target;
    }
  }
}

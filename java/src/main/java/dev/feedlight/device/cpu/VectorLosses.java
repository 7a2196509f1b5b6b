package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLES;
import static dev.feedlight.device.cpu.VectorMemory.DOUBLE_LANES;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.HALF_FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** The losses of {@link PlainLosses} on vectors, the same bits. */
final class VectorLosses {
  private VectorLosses() {}

  static double softmaxCrossEntropy(
      long error, long logits, long classes, int label, float scale, double[] strands) {
    PlainLosses.requireLabel(label, classes);
    long bytes = FLOATS.loopBound(classes) * Float.BYTES;
    int rest = (int) (classes - bytes / Float.BYTES);
    float max = largest(logits, bytes);
    for (int i = 0; i < rest; i++) {
      float z = CpuAddress.getFloat(logits + bytes, i);
      max = z > max ? z : max;
    }
    float margin = CpuAddress.getFloat(logits, label) - max; // error may be logits
    differences(error, logits, bytes, max);
    VectorMath.expOfNegative(error, error, bytes);
    for (int i = 0; i < rest; i++) {
      float difference = CpuAddress.getFloat(logits + bytes, i) - max;
      CpuAddress.setFloat(error + bytes, i, LoopsMath.expOfNegative(difference));
    }
    double sum = VectorSums.sum(error, classes, strands);
    float divisor = (float) sum;
    float atLabel = CpuAddress.getFloat(error, label) / divisor - 1f;
    normalise(error, bytes, divisor, scale);
    for (int i = 0; i < rest; i++) {
      float p = CpuAddress.getFloat(error + bytes, i) / divisor;
      CpuAddress.setFloat(error + bytes, i, p * scale);
    }
    CpuAddress.setFloat(error, label, atLabel * scale);
    return StrictMath.log(sum) - margin;
  }

  /** Largest value; NaN counts as nothing. */
  static float largest(long x, long bytes) {
    FloatVector lanes = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector z = FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER);
      lanes = lanes.blend(z, z.compare(GT, lanes));
    }
    return lanes.reduceLanes(MAX);
  }

  /** {@code y = x - max}. */
  static void differences(long y, long x, long bytes, float max) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .sub(max)
          .intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  private static void normalise(long y, long bytes, float divisor, float scale) {
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, y + at, ORDER)
          .div(divisor)
          .mul(scale)
          .intoMemorySegment(ALL, y + at, ORDER);
    }
  }

  static double squaredError(
      long error, long prediction, long target, long n, float scale, double[] strands) {
    int rest = (int) (n % PlainSums.PARTIALS);
    long bytes = (n - rest) * Float.BYTES;
    for (int strand = 0; strand < PlainSums.PARTIALS; strand += DOUBLE_LANES) {
      squares(strands, strand, error, prediction, target, bytes, scale);
    }
    for (int i = 0; i < rest; i++) {
      float difference =
          CpuAddress.getFloat(prediction + bytes, i) - CpuAddress.getFloat(target + bytes, i);
      strands[i] += (double) difference * difference;
      CpuAddress.setFloat(error + bytes, i, difference * scale);
    }
    return PlainSums.tree(strands);
  }

  private static void squares(
      double[] strands,
      int strand,
      long error,
      long prediction,
      long target,
      long bytes,
      float scale) {
    DoubleVector sum = DoubleVector.zero(DOUBLES);
    for (long at = (long) strand * Float.BYTES; at < bytes; at += VectorSums.STEP) {
      FloatVector difference =
          FloatVector.fromMemorySegment(HALF_FLOATS, ALL, prediction + at, ORDER)
              .sub(FloatVector.fromMemorySegment(HALF_FLOATS, ALL, target + at, ORDER));
      DoubleVector wide = (DoubleVector) difference.convertShape(F2D, DOUBLES, 0);
      sum = sum.add(wide.mul(wide));
      difference.mul(scale).intoMemorySegment(ALL, error + at, ORDER);
    }
    sum.intoArray(strands, strand);
  }
}

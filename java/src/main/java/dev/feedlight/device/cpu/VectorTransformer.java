package dev.feedlight.device.cpu;

import static dev.feedlight.device.cpu.VectorMemory.ALL;
import static dev.feedlight.device.cpu.VectorMemory.FLOATS;
import static dev.feedlight.device.cpu.VectorMemory.ORDER;
import static dev.feedlight.device.cpu.VectorMemory.WIDTH;

import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;

/** The loops of {@link PlainTransformer} on vectors, the same bits. */
final class VectorTransformer implements TransformerLoops {
  private final PlainTransformer plain = new PlainTransformer();
  private final Supplier<VectorScratch> scratch;

  VectorTransformer(Supplier<VectorScratch> scratch) {
    this.scratch = scratch;
  }

  @Override
  public void normalize(
      long y, long mean, long rstd, long x, long residual, long gain, long bias, long n) {
    double[] strands = scratch.get().strands;
    float middle = (float) (VectorSums.sum(x, n, strands) / n);
    centre(y, x, middle, n);
    float factor = PlainTransformer.rstd(VectorSums.sumOfSquares(y, n, strands) / n);
    CpuAddress.setFloat(mean, middle);
    CpuAddress.setFloat(rstd, factor);
    if (gain == 0) {
      scale(y, factor, n);
    } else {
      scaleAndShift(y, factor, gain, bias, n);
    }
    if (residual != 0) {
      add(y, y, residual, n);
    }
  }

  private static void centre(long y, long x, float mean, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .sub(mean)
          .intoMemorySegment(ALL, y + at, ORDER);
    }
    PlainTransformer.centre(y + bytes, x + bytes, mean, n - bytes / Float.BYTES);
  }

  private static void scale(long y, float factor, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, y + at, ORDER)
          .mul(factor)
          .intoMemorySegment(ALL, y + at, ORDER);
    }
    PlainTransformer.scale(y + bytes, factor, n - bytes / Float.BYTES);
  }

  private static void scaleAndShift(long y, float factor, long gain, long bias, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, y + at, ORDER)
          .mul(factor)
          .mul(FloatVector.fromMemorySegment(FLOATS, ALL, gain + at, ORDER))
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, bias + at, ORDER))
          .intoMemorySegment(ALL, y + at, ORDER);
    }
    PlainTransformer.scaleAndShift(
        y + bytes, factor, gain + bytes, bias + bytes, n - bytes / Float.BYTES);
  }

  @Override
  public void normalizeGradient(
      long dx,
      long dy,
      long residual,
      long x,
      float mean,
      float rstd,
      long gain,
      long n,
      long normal) {
    normal(normal, x, mean, rstd, n);
    if (gain == 0) {
      CpuAddress.copyFloats(dx, dy, n);
    } else {
      multiply(dx, dy, gain, n);
    }
    float gradients = (float) (VectorSums.sum(dx, n, scratch.get().strands) / n);
    float products = (float) (dot(dx, normal, n) / n);
    project(dx, normal, gradients, products, rstd, n);
    if (residual != 0) {
      add(dx, dx, residual, n);
    }
  }

  private static void normal(long normal, long x, float mean, float rstd, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .sub(mean)
          .mul(rstd)
          .intoMemorySegment(ALL, normal + at, ORDER);
    }
    PlainTransformer.normal(normal + bytes, x + bytes, mean, rstd, n - bytes / Float.BYTES);
  }

  private static void multiply(long product, long x, long y, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .mul(FloatVector.fromMemorySegment(FLOATS, ALL, y + at, ORDER))
          .intoMemorySegment(ALL, product + at, ORDER);
    }
    PlainTransformer.multiply(product + bytes, x + bytes, y + bytes, n - bytes / Float.BYTES);
  }

  private static void project(
      long dx, long normal, float gradients, float products, float rstd, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector across =
          FloatVector.fromMemorySegment(FLOATS, ALL, normal + at, ORDER).mul(products);
      FloatVector.fromMemorySegment(FLOATS, ALL, dx + at, ORDER)
          .sub(gradients)
          .sub(across)
          .mul(rstd)
          .intoMemorySegment(ALL, dx + at, ORDER);
    }
    PlainTransformer.project(
        dx + bytes, normal + bytes, gradients, products, rstd, n - bytes / Float.BYTES);
  }

  @Override
  public void normalizeSums(
      long gains, long biases, long dy, long x, float mean, float rstd, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector signal = FloatVector.fromMemorySegment(FLOATS, ALL, dy + at, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .sub(mean)
          .mul(rstd)
          .mul(signal)
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, gains + at, ORDER))
          .intoMemorySegment(ALL, gains + at, ORDER);
      signal
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, biases + at, ORDER))
          .intoMemorySegment(ALL, biases + at, ORDER);
    }
    plain.normalizeSums(
        gains + bytes, biases + bytes, dy + bytes, x + bytes, mean, rstd, n - bytes / Float.BYTES);
  }

  @Override
  public float softmax(long scores, long n) {
    float largest = largest(scores, n);
    exponentials(scores, largest, n);
    double sum = VectorSums.sum(scores, n, scratch.get().strands);
    divide(scores, (float) sum, n);
    return PlainTransformer.logSumExp(largest, sum);
  }

  private static float largest(long x, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    float largest = VectorLosses.largest(x, bytes);
    for (long i = bytes / Float.BYTES; i < n; i++) {
      float value = CpuAddress.getFloat(x, i);
      largest = value > largest ? value : largest;
    }
    return largest;
  }

  private static void exponentials(long x, float shift, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    VectorLosses.differences(x, x, bytes, shift);
    VectorMath.expOfNegative(x, x, bytes);
    PlainTransformer.exponentials(x + bytes, shift, n - bytes / Float.BYTES);
  }

  private static void divide(long x, float divisor, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .div(divisor)
          .intoMemorySegment(ALL, x + at, ORDER);
    }
    PlainTransformer.divide(x + bytes, divisor, n - bytes / Float.BYTES);
  }

  @Override
  public void softmaxGradient(
      long scores, long gradient, long n, float logSumExp, float mean, float scale) {
    exponentials(scores, logSumExp, n);
    weigh(gradient, scores, mean, scale, n);
  }

  private static void weigh(long gradient, long p, float mean, float scale, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, gradient + at, ORDER)
          .sub(mean)
          .mul(FloatVector.fromMemorySegment(FLOATS, ALL, p + at, ORDER))
          .mul(scale)
          .intoMemorySegment(ALL, gradient + at, ORDER);
    }
    PlainTransformer.weigh(gradient + bytes, p + bytes, mean, scale, n - bytes / Float.BYTES);
  }

  @Override
  public double dot(long x, long y, long n) {
    return VectorSums.dot(x, y, n, scratch.get().strands);
  }

  @Override
  public void add(long sum, long x, long y, long n) {
    long bytes = FLOATS.loopBound(n) * Float.BYTES;
    for (long at = 0; at < bytes; at += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, x + at, ORDER)
          .add(FloatVector.fromMemorySegment(FLOATS, ALL, y + at, ORDER))
          .intoMemorySegment(ALL, sum + at, ORDER);
    }
    plain.add(sum + bytes, x + bytes, y + bytes, n - bytes / Float.BYTES);
  }
}

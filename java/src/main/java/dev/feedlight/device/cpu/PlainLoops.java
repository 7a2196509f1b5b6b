package dev.feedlight.device.cpu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.TernaryRule;

/** The loops without the Vector API: right, and several times slower. */
final class PlainLoops implements Loops {
  private final HadamardLoops hadamard = new PlainHadamard();
  private final TransformerLoops transformer = new PlainTransformer();

  @Override
  public void activate(
      Activation f, long y, long yStride, long z, long zStride, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
      PlainActivations.activate(
          f, y + r * yStride * Float.BYTES, z + r * zStride * Float.BYTES, columns);
    }
  }

  @Override
  public void activationGradient(
      Activation f,
      long dz,
      long dzStride,
      long dy,
      long dyStride,
      long saved,
      long savedStride,
      long rows,
      long columns) {
    for (long r = 0; r < rows; r++) {
      PlainActivations.gradient(
          f,
          dz + r * dzStride * Float.BYTES,
          dy + r * dyStride * Float.BYTES,
          saved + r * savedStride * Float.BYTES,
          columns);
    }
  }

  @Override
  public void columnSums(long out, long x, long xStride, long rows, long columns) {
    PlainSums.columnSums(out, x, xStride, rows, columns);
  }

  @Override
  public void update(
      Optimizer optimizer,
      long w,
      long gradient,
      long state1,
      long state2,
      long n,
      float learningRate,
      boolean decay,
      float correction1,
      float correction2) {
    float rate = PlainOptimizers.decay(optimizer, decay);
    switch (optimizer) {
      case Optimizer.Sgd _ -> PlainOptimizers.sgd(w, gradient, n, learningRate, rate);
      case Optimizer.Momentum momentum ->
          PlainOptimizers.momentum(w, gradient, state1, n, learningRate, rate, momentum.momentum());
      case Optimizer.Adam adam ->
          PlainOptimizers.adam(
              adam, w, gradient, state1, state2, n, learningRate, rate, correction1, correction2);
    }
  }

  @Override
  public void toBf16(
      long target, long targetStride, long source, long sourceStride, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
      PlainBf16.round(
          target + r * targetStride * Short.BYTES,
          source + r * sourceStride * Float.BYTES,
          columns);
    }
  }

  @Override
  public void transpose(
      long target,
      long targetStride,
      long source,
      long sourceStride,
      long rows,
      long columns,
      long bias) {
    PlainTransposition.transpose(target, targetStride, source, sourceStride, rows, columns, bias);
  }

  @Override
  public void accumulate(long target, long source, long n, float beta) {
    PlainSums.accumulate(target, source, n, beta);
  }

  @Override
  public void scale(long target, long source, long n, float factor) {
    PlainSums.scale(target, source, n, factor);
  }

  @Override
  public void dropout(
      long result, long source, long n, int threshold, float scale, long key, long sample) {
    PlainDropout.row(result, source, 0, n, threshold, scale, key, sample);
  }

  @Override
  public double softmaxCrossEntropy(long error, long logits, long classes, int label, float scale) {
    return PlainLosses.softmaxCrossEntropy(error, logits, classes, label, scale);
  }

  @Override
  public double squaredError(long error, long prediction, long target, long n, float scale) {
    return PlainLosses.squaredError(error, prediction, target, n, scale);
  }

  @Override
  public double sumOfSquares(long x, long n) {
    return PlainSums.sumOfSquares(x, n);
  }

  @Override
  public boolean allFinite(long x, long n) {
    return PlainSums.allFinite(x, n);
  }

  @Override
  public void randomFill(long target, long first, long n, boolean normal, float scale, long key) {
    PlainRandom.fill(target, first, n, normal, scale, key);
  }

  @Override
  public void ternarize(
      TernaryRule rule,
      long ternary,
      long counts,
      long error,
      long n,
      long batch,
      long key,
      long projection) {
    long both =
        switch (rule) {
          case TernaryRule.Sign _ -> PlainTernarizer.threshold(ternary, error, n, 1, 0);
          case TernaryRule.Absolute(float threshold) ->
              PlainTernarizer.threshold(ternary, error, n, (float) batch, threshold);
          case TernaryRule.RelativeToMax(float fraction) ->
              PlainTernarizer.threshold(
                  ternary, error, n, 1, fraction * PlainTernarizer.largest(error, n));
          case TernaryRule.RelativeToRms(float factor) ->
              PlainTernarizer.threshold(
                  ternary, error, n, 1, (float) (factor * Math.sqrt(sumOfSquares(error, n) / n)));
          case TernaryRule.Stochastic _ ->
              PlainTernarizer.stochastic(
                  ternary, error, 0, n, PlainTernarizer.largest(error, n), key, projection);
        };
    PlainTernarizer.writeCounts(counts, both);
  }

  @Override
  public void splitTernary(long positive, long negative, long ternary, long n) {
    PlainTernarizer.split(positive, negative, ternary, n);
  }

  @Override
  public void speckle(
      long real,
      long imaginary,
      long stride,
      long firstRow,
      long rows,
      long firstColumn,
      long columns,
      long key) {
    for (long r = 0; r < rows; r++) {
      PlainSpeckle.row(
          real + r * stride, imaginary + r * stride, firstRow + r, firstColumn, columns, key);
    }
  }

  @Override
  public void expose(
      long counts,
      long real,
      long imaginary,
      long firstPixel,
      long pixels,
      CameraSetup setup,
      long projection,
      int frame) {
    PlainCamera.expose(counts, real, imaginary, firstPixel, pixels, setup, projection, frame);
  }

  @Override
  public void readOut(
      long signal,
      long positiveReal,
      long positiveImaginary,
      long negativeReal,
      long negativeImaginary,
      long anchorReal,
      long anchorImaginary,
      long anchorCounts,
      long firstPixel,
      long pixels,
      float imbalance,
      float rowScale,
      CameraSetup setup,
      ReadOut readOut,
      long projection) {
    PlainCamera.readOut(
        signal,
        positiveReal,
        positiveImaginary,
        negativeReal,
        negativeImaginary,
        anchorReal,
        anchorImaginary,
        anchorCounts,
        firstPixel,
        pixels,
        imbalance,
        rowScale,
        setup,
        readOut,
        projection);
  }

  @Override
  public void mix(long target, long start, long end, long n, long weights, boolean integers) {
    PlainSpeckle.mix(target, start, end, n, weights, integers);
  }

  @Override
  public int sumOfBytes(long bytes, long n) {
    return PlainSpeckle.sumOfBytes(bytes, n);
  }

  @Override
  public void subtractColumnMeans(long x, long stride, long rows, long columns) {
    PlainSums.subtractColumnMeans(x, stride, rows, columns);
  }

  @Override
  public TransformerLoops transformer() {
    return transformer;
  }

  @Override
  public HadamardLoops hadamard() {
    return hadamard;
  }
}

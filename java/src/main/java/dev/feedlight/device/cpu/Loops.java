package dev.feedlight.device.cpu;

import dev.feedlight.device.Activation;
import dev.feedlight.device.Optimizer;
import dev.feedlight.device.ReadOut;
import dev.feedlight.device.TernaryRule;

/**
 * Everything on the CPU that is not a product: single-threaded loops over raw addresses of checked
 * tensors. Two implementations, with the Vector API and without, give the same bits except where a
 * method says otherwise. Strides count elements.
 */
interface Loops {
  /** {@code y = f(z)} on rows x columns; may be in place. */
  void activate(Activation f, long y, long yStride, long z, long zStride, long rows, long columns);

  /**
   * {@code dz = dy * f'(saved)} on rows x columns; dz may be dy. For {@link Activation#IDENTITY} a
   * copy; {@code saved} is z for GELU, f(z) otherwise.
   */
  void activationGradient(
      Activation f,
      long dz,
      long dzStride,
      long dy,
      long dyStride,
      long saved,
      long savedStride,
      long rows,
      long columns);

  /** {@code out[c] = sum over rows of x[r, c]}, rows in ascending order. */
  void columnSums(long out, long x, long xStride, long rows, long columns);

  /** One optimizer step on {@code n} contiguous elements; state1, state2 are 0 where not used. */
  void update(
      Optimizer optimizer,
      long w,
      long gradient,
      long state1,
      long state2,
      long n,
      float learningRate,
      boolean decay,
      float correction1,
      float correction2);

  /**
   * {@code target = bf16(source)} on rows x columns, as {@link dev.feedlight.device.Bf16} rounds.
   */
  void toBf16(
      long target, long targetStride, long source, long sourceStride, long rows, long columns);

  /**
   * {@code target[c, r] = source[r, c] + bias[r]} on rows x columns of the source, which does not
   * overlap the target; bias is the address of a float per row, or 0 for none.
   */
  void transpose(
      long target,
      long targetStride,
      long source,
      long sourceStride,
      long rows,
      long columns,
      long bias);

  /** {@code target = beta target + source} on {@code n} elements; beta is 0 or 1. */
  void accumulate(long target, long source, long n, float beta);

  /** {@code target = factor source} on {@code n} elements. */
  void scale(long target, long source, long n, float factor);

  /**
   * One row of TrainingOperation.Dropout; in place if both addresses are the same. {@code sample}
   * is the row's number over all steps.
   */
  void dropout(long result, long source, long n, int threshold, float scale, long key, long sample);

  /**
   * Softmax cross-entropy of one row: writes {@code (softmax - onehot) * scale} and returns the
   * loss in nats.
   */
  double softmaxCrossEntropy(long error, long logits, long classes, int label, float scale);

  /** One row of the squared error: writes {@code (p - t) * scale}, returns the sum of squares. */
  double squaredError(long error, long prediction, long target, long n, float scale);

  /** Sum of squares of {@code n} floats, in double, in a fixed order. */
  double sumOfSquares(long x, long n);

  /** Whether all {@code n} floats are finite. */
  boolean allFinite(long x, long n);

  /**
   * Fills {@code n} floats; see Operation.RandomFill. {@code first} is the first element's number.
   */
  void randomFill(long target, long first, long n, boolean normal, float scale, long key);

  /**
   * One row of OpticalOperation.Ternarize: writes n signed bytes and the two counts (two ints at
   * {@code counts}). {@code batch} is the number of rows (Absolute compares |e| * batch).
   */
  void ternarize(
      TernaryRule rule,
      long ternary,
      long counts,
      long error,
      long n,
      long batch,
      long key,
      long projection);

  /** Splits a ternary row into two rows of 0/1 bytes, P and N. */
  void splitTernary(long positive, long negative, long ternary, long n);

  /**
   * Entries of T: for rows [firstRow, firstRow + rows) and columns [firstColumn, firstColumn +
   * columns), u to {@code real + r * stride}, v to {@code imaginary + r * stride}. firstColumn is a
   * multiple of 8. May write up to the next multiple of 64 columns if the stride has room for it,
   * never beyond the stride; exactly {@code columns} when the stride equals columns.
   */
  void speckle(
      long real,
      long imaginary,
      long stride,
      long firstRow,
      long rows,
      long firstColumn,
      long columns,
      long key);

  /**
   * One row of CameraExpose for outputs [firstPixel, firstPixel + pixels); real and imaginary point
   * at the field of firstPixel, int32 or fp32 as the setup says.
   */
  void expose(
      long counts,
      long real,
      long imaginary,
      long firstPixel,
      long pixels,
      CameraSetup setup,
      long projection,
      int frame);

  /**
   * One sample of SpeckleProject for outputs [firstPixel, firstPixel + pixels). All addresses point
   * at the values of firstPixel; fields are int32 or fp32 as the setup says.
   *
   * @param imbalance (#P - #N) / n of the sample, as a float
   * @param rowScale factor of the sample
   */
  void readOut(
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
      long projection);

  /**
   * Fields of a drifting medium: {@code target = weights[0] start + weights[1] end} on {@code n}
   * values; start and end are int32 or fp32, the target is fp32 and may be either.
   */
  void mix(long target, long start, long end, long n, long weights, boolean integers);

  /** Sum of {@code n} signed bytes, exact; n is at most 2^24. */
  int sumOfBytes(long bytes, long n);

  /** Takes the mean over rows out of each column, in place. */
  void subtractColumnMeans(long x, long stride, long rows, long columns);

  /** The rows of a Transformer. */
  TransformerLoops transformer();

  /** The steps of the structured transmission matrix. */
  HadamardLoops hadamard();
}

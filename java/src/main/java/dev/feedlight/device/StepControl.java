package dev.feedlight.device;

import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Shape;
import dev.feedlight.tensor.Tensor;
import java.util.Objects;

/**
 * The few numbers that change from step to step, in device memory, so that a prepared plan replays
 * without being captured anew.
 *
 * <p>Layout, 64 bytes, little-endian, which kernels of every device read:
 *
 * <pre>
 *  0 f32 learning rate
 *  4 f32 1 / (1 - beta1^t)   first-moment correction of Adam, 1 for other rules
 *  8 f32 1 / (1 - beta2^t)   second-moment correction
 * 12 s32 failure: 0, or 1 + the number of the block whose values were not finite (sticky); -1
 *        between a label that a loss refused and the read by which the host is told of it
 * 16 s64 step, counted from 0
 * 24 s64 number of the first sample that comes next, counted over all steps (step x batch + its
 *        place in the batch): numbers optical projections and the masks of dropout
 * 32 s64 step at which the failure was seen
 * </pre>
 *
 * While the failure word is not 0, updates are skipped, so the weights stay as they were.
 */
public final class StepControl {
  /** Size of the block. */
  public static final long BYTES = 64;

  /** Byte offset of the learning rate. */
  public static final int LEARNING_RATE = 0;

  /** Byte offset of Adam's first correction. */
  public static final int CORRECTION_1 = 4;

  /** Byte offset of Adam's second correction. */
  public static final int CORRECTION_2 = 8;

  /** Byte offset of the sticky failure word. */
  public static final int FAILURE = 12;

  /** The failure word of a refused label. */
  public static final int REFUSED = -1;

  /** Byte offset of the step number. */
  public static final int STEP = 16;

  /** Byte offset of the number of the first sample, which is that of its projection. */
  public static final int PROJECTION = 24;

  /** Byte offset of the step of the failure. */
  public static final int FAILURE_STEP = 32;

  private static final int WORDS = 16;

  private final Device device;
  private final Tensor words;
  private final Tensor rates;
  private final Tensor failureCode;
  private final Tensor counters;

  /**
   * Allocates the block and zeroes it.
   *
   * @param device where plans will run
   * @param scope who owns the 64 bytes
   */
  public StepControl(Device device, Scope scope) {
    this.device = device;
    this.words = scope.allocate("step control", Shape.vector(WORDS), DType.S32);
    this.rates = view(LEARNING_RATE, 3);
    this.failureCode = view(FAILURE, 1);
    this.counters = view(STEP, 4);
    device.write(words, new int[WORDS]);
  }

  private Tensor view(int offset, int length) {
    return new Tensor(
        words.storage(), words.byteOffset() + offset, Shape.vector(length), length, DType.S32);
  }

  /**
   * The 64 bytes as 16 words.
   *
   * @return S32 tensor of shape 1 x 16
   */
  public Tensor words() {
    return words;
  }

  /**
   * Sets what the next replay reads; does not touch a failure seen before, nor wait for the device.
   *
   * @param optimizer decides Adam's corrections
   * @param learningRate of this step
   * @param step from 0
   * @param batch samples per step, which advances the projection number
   */
  public void begin(Optimizer optimizer, float learningRate, long step, long batch) {
    begin(optimizer, learningRate, step, batch, 0);
  }

  /**
   * The same for a part of the batch: its samples have the numbers that they have in the whole.
   *
   * @param optimizer decides Adam's corrections
   * @param learningRate of this step
   * @param step from 0
   * @param batch samples per step
   * @param place of the part's first sample in the batch, in [0, batch)
   */
  public void begin(Optimizer optimizer, float learningRate, long step, long batch, long place) {
    Objects.checkIndex(place, batch);
    float c1 = 1;
    float c2 = 1;
    if (optimizer instanceof Optimizer.Adam adam) {
      c1 = (float) (1 / (1 - Math.pow(adam.beta1(), step + 1.0)));
      c2 = (float) (1 / (1 - Math.pow(adam.beta2(), step + 1.0)));
    }
    long projection = Math.addExact(Math.multiplyExact(step, batch), place);
    device.write(
        rates,
        new int[] {
          Float.floatToRawIntBits(learningRate),
          Float.floatToRawIntBits(c1),
          Float.floatToRawIntBits(c2)
        });
    device.write(
        counters,
        new int[] {(int) step, (int) (step >>> 32), (int) projection, (int) (projection >>> 32)});
  }

  /**
   * Reads the sticky failure.
   *
   * @return the failure, or null if everything was finite
   */
  public Failure failure() {
    int[] host = new int[WORDS];
    device.read(words, host);
    int code = host[FAILURE / 4];
    if (code == 0) {
      return null;
    }
    long low = Integer.toUnsignedLong(host[FAILURE_STEP / 4]);
    return new Failure(code - 1, low | ((long) host[FAILURE_STEP / 4 + 1] << 32));
  }

  /** Forgets a failure, after the caller has dealt with it. */
  public void clearFailure() {
    device.write(failureCode, new int[1]);
  }

  /**
   * Values that were not finite.
   *
   * @param block number of the block, from 0
   * @param step number of the step, from 0
   */
  public record Failure(int block, long step) {}
}

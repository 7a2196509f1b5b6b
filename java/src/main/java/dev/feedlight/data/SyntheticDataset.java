package dev.feedlight.data;

import dev.feedlight.tensor.Philox;
import dev.feedlight.tensor.Stream;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Objects;

/**
 * Random examples of any number and width that take no memory: each value is a function of the
 * seed, the example and the feature. There is nothing in them to learn; they serve to measure
 * speed.
 *
 * <p>Inputs and regression targets have mean 0 and variance 1 exactly and are nearly normal: the
 * sum of the four bytes of a random word (ours; excess kurtosis -0.3, largest value 3.45), which is
 * integer arithmetic up to one rounding and so the same bits on every machine. Labels are uniform.
 * Asking for more examples or wider ones never changes the values there were.
 */
public final class SyntheticDataset implements Dataset {
  private static final int BYTE_SUM_MEAN = 4 * 255 / 2;

  /** Variance of one uniform byte is (256^2 - 1) / 12; four of them make 21845. */
  private static final float BYTE_SUM_SCALE = (float) (1 / Math.sqrt(21845));

  /** Last word of the counter. */
  private static final int INPUT = 0;

  private static final int OUTPUT = 1;

  private final Task task;
  private final long size;
  private final int inputs;
  private final int outputs;
  private final long seed;
  private final long key;

  private SyntheticDataset(Task task, long size, int inputs, int outputs, long seed) {
    this.task = task;
    this.size = size;
    this.inputs = inputs;
    this.outputs = outputs;
    this.seed = seed;
    this.key = Philox.deriveKey(seed, Stream.SYNTHETIC_DATA, 0);
    if (size < 1 || inputs < 1 || outputs < 1) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "synthetic data of %d examples, %d inputs and %d outputs; each must be at least 1",
              size,
              inputs,
              outputs));
    }
  }

  /**
   * Examples with a random label each.
   *
   * @param size number of examples, at least 1
   * @param inputs floats per input, at least 1
   * @param classes number of classes, at least 1
   * @param seed determines every value
   * @return the data set
   * @throws DataException if a number is below 1
   */
  public static SyntheticDataset classification(long size, int inputs, int classes, long seed) {
    return new SyntheticDataset(Task.CLASSIFICATION, size, inputs, classes, seed);
  }

  /**
   * Examples with a random target each.
   *
   * @param size number of examples, at least 1
   * @param inputs floats per input, at least 1
   * @param outputs floats per target, at least 1
   * @param seed determines every value
   * @return the data set
   * @throws DataException if a number is below 1
   */
  public static SyntheticDataset regression(long size, int inputs, int outputs, long seed) {
    return new SyntheticDataset(Task.REGRESSION, size, inputs, outputs, seed);
  }

  @Override
  public String name() {
    return "synthetic, seed " + seed;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public void input(long index, MemorySegment dst, long byteOffset) {
    Objects.checkIndex(index, size);
    fill(index, INPUT, inputs, dst, byteOffset);
  }

  @Override
  public int label(long index) {
    if (task != Task.CLASSIFICATION) {
      throw new IllegalStateException(name() + " is for regression: it has targets, no labels");
    }
    Objects.checkIndex(index, size);
    int[] words = new int[4];
    block(index, 0, OUTPUT, words);
    // The high word of the product: uniform up to outputs / 2^32.
    return (int) ((Integer.toUnsignedLong(words[0]) * outputs) >>> 32);
  }

  @Override
  public void target(long index, MemorySegment dst, long byteOffset) {
    if (task != Task.REGRESSION) {
      throw new IllegalStateException(name() + " is for classification: it has labels, no targets");
    }
    Objects.checkIndex(index, size);
    fill(index, OUTPUT, outputs, dst, byteOffset);
  }

  private void fill(long index, int kind, int count, MemorySegment dst, long byteOffset) {
    Objects.checkFromIndexSize(byteOffset, (long) count * Float.BYTES, dst.byteSize());
    int[] words = new int[4];
    float[] chunk = new float[Chunk.SIZE];
    for (int first = 0; first < count; first += Chunk.SIZE) {
      int length = Chunk.length(first, count);
      for (int i = 0; i < length; i++) {
        if ((i & 3) == 0) {
          block(index, (first + i) >>> 2, kind, words);
        }
        chunk[i] = normal(words[i & 3]);
      }
      Chunk.write(chunk, length, dst, byteOffset, first);
    }
  }

  private void block(long index, int number, int kind, int[] words) {
    Philox.block(key, (int) index, (int) (index >>> 32), number, kind, words);
  }

  private static float normal(int word) {
    int sum = (word & 0xFF) + ((word >>> 8) & 0xFF) + ((word >>> 16) & 0xFF) + (word >>> 24);
    return (sum - BYTE_SUM_MEAN) * BYTE_SUM_SCALE;
  }
}

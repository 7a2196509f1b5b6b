package dev.feedlight.data;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * A data set whose every value is checked as it is read: one NaN among the inputs would spoil all
 * weights in one step. Whoever feeds a network reads through this.
 */
public final class CheckedDataset implements Dataset {
  /** Exponent bits of a float; all are set in infinities and NaN, and only there (IEEE 754). */
  private static final int EXPONENT = 0x7F800000;

  /** The exponent's lowest bit: carries an exponent of all ones into the sign. */
  private static final int EXPONENT_UNIT = 0x00800000;

  private final Dataset data;
  private final String name;
  private final long size;
  private final int inputs;
  private final int outputs;
  private final Task task;

  private CheckedDataset(Dataset data) {
    this.data = data;
    this.name = data.name();
    this.size = data.size();
    this.inputs = data.inputs();
    this.outputs = data.outputs();
    this.task = data.task();
    if (size < 1 || inputs < 1 || outputs < 1) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s has %d examples of %d inputs and %d outputs; each must be at least 1",
              name,
              size,
              inputs,
              outputs));
    }
  }

  /**
   * Puts the checks in front of a data set that may need them.
   *
   * @param data any data set
   * @return a data set whose reads throw {@link DataException}, with the example and the feature,
   *     for a value that is not finite or a label outside {@code [0, outputs())}; those of this
   *     package, which hold no such values, come back as they are
   * @throws DataException if it has no examples, inputs or outputs
   */
  public static Dataset of(Dataset data) {
    return switch (data) {
      case CheckedDataset checked -> checked;
      case ImageDataset images -> images;
      case SyntheticDataset synthetic -> synthetic;
      default -> new CheckedDataset(data);
    };
  }

  @Override
  public String name() {
    return name;
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
    data.input(index, dst, byteOffset);
    checkFinite("input", index, dst, byteOffset, inputs);
  }

  @Override
  public int label(long index) {
    int label = data.label(index);
    if (label < 0 || label >= outputs) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: the label of example %d is %d, but there are %d classes (0 to %d)",
              name,
              index,
              label,
              outputs,
              outputs - 1));
    }
    return label;
  }

  @Override
  public void target(long index, MemorySegment dst, long byteOffset) {
    data.target(index, dst, byteOffset);
    checkFinite("target", index, dst, byteOffset, outputs);
  }

  private void checkFinite(String what, long index, MemorySegment row, long offset, int count) {
    float[] chunk = new float[Chunk.SIZE];
    for (int first = 0; first < count; first += Chunk.SIZE) {
      int length = Chunk.length(first, count);
      Chunk.read(row, offset, first, chunk, length);
      if (isFinite(chunk, length)) {
        continue;
      }
      int i = 0;
      while (Float.isFinite(chunk[i])) {
        i++;
      }
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: example %d has %s at %s feature %d of %d",
              name,
              index,
              chunk[i],
              what,
              first + i,
              count));
    }
  }

  /** One integer accumulator and no branch, so that the compiler vectorises the loop. */
  private static boolean isFinite(float[] values, int count) {
    int carries = 0;
    for (int i = 0; i < count; i++) {
      carries |= (Float.floatToRawIntBits(values[i]) & EXPONENT) + EXPONENT_UNIT;
    }
    return carries >= 0;
  }
}

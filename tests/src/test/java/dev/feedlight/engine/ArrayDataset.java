package dev.feedlight.engine;

import dev.feedlight.data.Dataset;
import dev.feedlight.data.Task;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** A user's data set: examples in arrays, whatever stands in them. */
@SuppressWarnings("ArrayRecordComponent") // data, never compared
record ArrayDataset(String name, float[][] examples, float[][] targets, int[] labels, int outputs)
    implements Dataset {
  /** Labels of a random linear teacher on normal inputs. */
  static ArrayDataset classification(int size, int inputs, int classes, long seed) {
    float[][] examples = normal(new Random(seed), size, inputs);
    float[][] teacher = normal(new Random(77), classes, inputs);
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      for (int c = 1; c < classes; c++) {
        if (dot(teacher[c], examples[i]) > dot(teacher[labels[i]], examples[i])) {
          labels[i] = c;
        }
      }
    }
    return new ArrayDataset("teacher classes", examples, null, labels, classes);
  }

  /** Targets of variance 1 of a random linear teacher on normal inputs. */
  static ArrayDataset regression(int size, int inputs, int outputs, long seed) {
    float[][] examples = normal(new Random(seed), size, inputs);
    float[][] teacher = normal(new Random(77), outputs, inputs);
    float[][] targets = new float[size][outputs];
    for (int i = 0; i < size; i++) {
      for (int o = 0; o < outputs; o++) {
        targets[i][o] = (float) (dot(teacher[o], examples[i]) / Math.sqrt(inputs));
      }
    }
    return new ArrayDataset("teacher values", examples, targets, null, outputs);
  }

  private static float[][] normal(Random random, int rows, int columns) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** All inputs, one example after the other. */
  float[] flatInputs() {
    float[] flat = new float[examples.length * inputs()];
    for (int i = 0; i < examples.length; i++) {
      System.arraycopy(examples[i], 0, flat, i * inputs(), inputs());
    }
    return flat;
  }

  @Override
  public long size() {
    return examples.length;
  }

  @Override
  public int inputs() {
    return examples[0].length;
  }

  @Override
  public Task task() {
    return labels == null ? Task.REGRESSION : Task.CLASSIFICATION;
  }

  @Override
  public void input(long index, MemorySegment dst, long byteOffset) {
    copy(examples[(int) index], dst, byteOffset);
  }

  @Override
  public int label(long index) {
    if (labels == null) {
      throw new IllegalStateException(name + " has no labels");
    }
    return labels[(int) index];
  }

  @Override
  public void target(long index, MemorySegment dst, long byteOffset) {
    if (targets == null) {
      throw new IllegalStateException(name + " has no targets");
    }
    copy(targets[(int) index], dst, byteOffset);
  }

  private static void copy(float[] row, MemorySegment dst, long byteOffset) {
    MemorySegment.copy(row, 0, dst, ValueLayout.JAVA_FLOAT_UNALIGNED, byteOffset, row.length);
  }
}

package dev.feedlight.opu;

import java.util.Arrays;

/**
 * A mirror is on where a number is above a threshold (lightonml: BinaryThresholdEncoder). One plane
 * of weight 1.
 *
 * @param threshold given, or learnt from data
 */
public record BinaryThreshold(Threshold threshold) implements Encoder {

  /** Where 0 ends and 1 begins. */
  public sealed interface Threshold {
    /**
     * The same for all columns.
     *
     * @param value numbers above it are 1; finite
     */
    record At(float value) implements Threshold {
      /** Checks the value. */
      public At {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException("a threshold is finite, not " + value);
        }
      }
    }

    /** For every column its own, learnt from data. */
    enum OfColumn implements Threshold {
      /** The mean of a column. */
      MEAN {
        @Override
        float of(float[] column) {
          double sum = 0;
          for (float value : column) {
            sum += value;
          }
          return (float) (sum / column.length);
        }
      },
      /** The median of a column; that of an even number is halfway between the middle two. */
      MEDIAN {
        @Override
        float of(float[] column) {
          float[] sorted = column.clone();
          Arrays.sort(sorted);
          int middle = sorted.length / 2;
          return sorted.length % 2 == 1
              ? sorted[middle]
              : (float) (((double) sorted[middle - 1] + sorted[middle]) / 2);
        }
      };

      abstract float of(float[] column);
    }
  }

  /**
   * A given threshold.
   *
   * @param value numbers above it are 1
   * @return the encoder
   */
  public static BinaryThreshold at(float value) {
    return new BinaryThreshold(new Threshold.At(value));
  }

  /**
   * The mean of each column of the data that it is fitted to.
   *
   * @return the encoder
   */
  public static BinaryThreshold aboveMean() {
    return new BinaryThreshold(Threshold.OfColumn.MEAN);
  }

  /**
   * The median of each column of the data that it is fitted to (lightonml: threshold_enc='auto').
   *
   * @return the encoder
   */
  public static BinaryThreshold aboveMedian() {
    return new BinaryThreshold(Threshold.OfColumn.MEDIAN);
  }

  @Override
  public Encoding fit(float[] rows, int inputs) {
    int count = Encoding.requireRows(rows, inputs);
    return switch (threshold) {
      case Threshold.At _ -> fit(inputs);
      case Threshold.OfColumn law -> {
        float[] thresholds = new float[inputs];
        float[] column = new float[count];
        for (int i = 0; i < inputs; i++) {
          for (int row = 0; row < count; row++) {
            column[row] = rows[row * inputs + i];
          }
          thresholds[i] = law.of(column);
        }
        yield above(thresholds);
      }
    };
  }

  @Override
  public Encoding fit(int inputs) {
    return switch (threshold) {
      case Threshold.At(float value) -> {
        float[] thresholds = new float[inputs];
        Arrays.fill(thresholds, value);
        yield above(thresholds);
      }
      case Threshold.OfColumn law ->
          throw new IllegalStateException(
              "a threshold at the "
                  + law
                  + " of each column is learnt from data: fit(rows, inputs)");
    };
  }

  private static Encoding above(float[] thresholds) {
    return new Encoding(
        thresholds.length,
        new float[] {1},
        false,
        (rows, from, planes, to) -> {
          for (int i = 0; i < thresholds.length; i++) {
            planes[to + i] = (byte) (rows[from + i] > thresholds[i] ? 1 : 0);
          }
        });
  }
}

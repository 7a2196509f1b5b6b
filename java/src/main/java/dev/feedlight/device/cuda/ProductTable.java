package dev.feedlight.device.cuda;

import dev.feedlight.device.Precision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the products of dense layers took by our kernels and by cuBLAS on one GPU, by shape. {@link
 * ProductTableFile} keeps it, {@link Products#MEASURED} goes by it.
 *
 * @param origin what it holds for
 * @param conditions what else was there when it was measured
 * @param rows at least one, each of a shape of its own
 */
public record ProductTable(Origin origin, Conditions conditions, List<Row> rows) {
  /** Which product of a layer. */
  public enum Direction {
    /** z = x W^T + b, y = f(z), with the check of y that a step makes. */
    FORWARD,
    /** dx = (dz W) f', with the layer's update, which backpropagation makes next. */
    BACKWARD;

    /** Lower case, as in files. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a table holds for: on anything else it says nothing.
   *
   * @param gpu model, as its driver names it
   * @param architecture of it, for example {@code sm_90}
   * @param precision of the products
   * @param cublas version, for example {@code 12.6.4}
   */
  public record Origin(String gpu, String architecture, Precision precision, String cublas) {
    /** For messages. */
    @Override
    public String toString() {
      return gpu + ", " + architecture + ", " + precision.label() + ", cuBLAS " + cublas;
    }
  }

  /**
   * What may change without the table becoming wrong, only old.
   *
   * @param driver newest CUDA that the driver knows, for example {@code 12.6}
   * @param kernels a mark that ours share with no others
   * @param time when it was measured
   */
  public record Conditions(String driver, String kernels, Instant time) {
    /**
     * What a table that was measured under these conditions is too old for.
     *
     * @param now what there is
     * @return empty if driver and kernels are those of now; otherwise what has changed, in words,
     *     with the remedy
     */
    public String remark(Conditions now) {
      List<String> others = new ArrayList<>();
      if (!kernels.equals(now.kernels)) {
        others.add("other kernels");
      }
      if (!driver.equals(now.driver)) {
        others.add("another driver, for CUDA " + driver);
      }
      return others.isEmpty()
          ? ""
          : "measured with "
              + String.join(" and ", others)
              + "; refresh by "
              + ProductTableFile.COMMAND;
    }
  }

  /**
   * One product both ways.
   *
   * @param direction which product
   * @param batch samples, at least 1
   * @param inputs of the layer, at least 1
   * @param outputs of the layer, at least 1
   * @param ownSeconds by our kernels, positive
   * @param cublasSeconds by cuBLAS and what follows it, positive
   */
  public record Row(
      Direction direction,
      long batch,
      long inputs,
      long outputs,
      double ownSeconds,
      double cublasSeconds) {
    /** Checks the numbers. */
    public Row {
      if (batch < 1 || inputs < 1 || outputs < 1) {
        throw new IllegalArgumentException(
            "a product of batch " + batch + ", " + inputs + " inputs, " + outputs + " outputs");
      }
      if (!isTime(ownSeconds) || !isTime(cublasSeconds)) {
        throw new IllegalArgumentException(
            "products that take " + ownSeconds + " s and " + cublasSeconds + " s");
      }
    }

    private static boolean isTime(double seconds) {
      return seconds > 0 && Double.isFinite(seconds);
    }

    /**
     * Whether ours is no slower.
     *
     * @return false if cuBLAS's is faster
     */
    public boolean ownIsFaster() {
      return ownSeconds <= cublasSeconds;
    }

    /** The sum over the three extents of the absolute logarithm of their ratio. */
    private double distance(long otherBatch, long otherInputs, long otherOutputs) {
      return distance(batch, otherBatch)
          + distance(inputs, otherInputs)
          + distance(outputs, otherOutputs);
    }

    private static double distance(long one, long other) {
      return Math.abs(Math.log((double) one / other));
    }

    private Row shape() {
      return new Row(direction, batch, inputs, outputs, 1, 1);
    }
  }

  /** Checks the rows and copies them. */
  public ProductTable {
    rows = List.copyOf(rows);
    Set<Row> shapes = new HashSet<>();
    for (Row row : rows) {
      if (!shapes.add(row.shape())) {
        throw new IllegalArgumentException("two rows of " + row.shape());
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no rows");
    }
  }

  /**
   * The row that speaks for a product: of those of its direction that the same kernel of ours
   * serves the one of its shape; without one the nearest, for which the absolute logarithms of the
   * ratios of batch, inputs and outputs have the smallest sum. Of several that are equally near the
   * first counts.
   *
   * @param mostSharedBytes as {@link OwnKernel#of} needs it
   * @return a row of this table; empty if it has none of that kernel
   */
  Optional<Row> nearest(
      Direction direction, long batch, long inputs, long outputs, int mostSharedBytes) {
    OwnKernel kernel = OwnKernel.of(direction, batch, inputs, outputs, mostSharedBytes);
    return rowsOf(kernel, direction, mostSharedBytes)
        .min(Comparator.comparingDouble(row -> row.distance(batch, inputs, outputs)));
  }

  private Stream<Row> rowsOf(OwnKernel kernel, Direction direction, int mostSharedBytes) {
    return rows.stream()
        .filter(row -> row.direction == direction && OwnKernel.of(row, mostSharedBytes) == kernel);
  }

  /** The kinds of products that no row speaks for, in words. */
  List<String> missing(int mostSharedBytes) {
    List<String> missing = new ArrayList<>();
    for (OwnKernel kernel : OwnKernel.values()) {
      for (Direction direction : Direction.values()) {
        if (kernel.has(direction)
            && rowsOf(kernel, direction, mostSharedBytes).findAny().isEmpty()) {
          missing.add(kernel + " " + direction);
        }
      }
    }
    return missing;
  }

  /**
   * In how many rows ours is no slower.
   *
   * @return at most as many as there are rows
   */
  public long ownCount() {
    return rows.stream().filter(Row::ownIsFaster).count();
  }
}

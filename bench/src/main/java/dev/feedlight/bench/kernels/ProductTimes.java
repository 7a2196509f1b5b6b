package dev.feedlight.bench.kernels;

import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.bench.step.Spread;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.ProductTable;
import dev.feedlight.device.cuda.ProductTableFile;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Products of dense layers by our kernels beside those by cuBLAS, each with what goes with it:
 * bias, activation or mask, check or update. Which is faster depends on the GPU and on the shape.
 *
 * @param rows one for each product; empty if there is nothing to compare
 * @param left what was not measured, and why
 * @param note with what they were measured, or why there are none
 */
record ProductTimes(List<Row> rows, List<String> left, String note) {
  /** One product both ways. */
  record Row(ProductCase product, KernelTime own, KernelTime cublas) {
    private double seconds(KernelTime time) {
      return time.seconds().median() / product.layers();
    }

    private ProductTable.Row kept() {
      return new ProductTable.Row(
          product.direction(),
          product.batch(),
          product.inputs(),
          product.outputs(),
          seconds(own),
          seconds(cublas));
    }

    private String markdown() {
      ProductTable.Row row = kept();
      return String.format(
          Locale.ROOT,
          "| %s | %d | %d | %d | %.2f | %.2f | %.2f | %.2f | %s |",
          row.direction(),
          row.batch(),
          row.inputs(),
          row.outputs(),
          own.floor().seconds() / product.layers() * 1e6,
          row.ownSeconds() * 1e6,
          row.cublasSeconds() * 1e6,
          row.ownSeconds() / row.cublasSeconds(),
          row.ownIsFaster() ? "ours" : "cuBLAS");
    }

    /** Two result lines, in milliseconds for a layer. */
    private List<ResultLine> lines(Supplier<ResultLineBuilder> line) {
      return List.of(line(line.get(), own, "own"), line(line.get(), cublas, "cublas"));
    }

    private ResultLine line(ResultLineBuilder line, KernelTime time, String whose) {
      Spread seconds = time.seconds();
      double unit = 1e3 / product.layers();
      return line.inputs(product.inputs())
          .outputs(product.outputs())
          .batch(Math.toIntExact(product.batch()))
          .setting("direction=" + product.direction() + " products=" + whose)
          .value(seconds.median() * unit)
          .spread(seconds.low() * unit, seconds.high() * unit)
          .n(time.n())
          .build();
    }
  }

  /** Of the table for people. */
  static final String HEAD =
      """
      | product | batch | inputs | outputs | floor, us | ours, us | cuBLAS, us | ours / cuBLAS | faster |
      |---|--:|--:|--:|--:|--:|--:|--:|---|
      """;

  /** Of the GPU's memory, what a product and its sets of operands may take. */
  private static final double MEMORY_SHARE = 0.5;

  /** Copies the lists. */
  ProductTimes {
    rows = List.copyOf(rows);
    left = List.copyOf(left);
  }

  /** There is nothing to compare. */
  static ProductTimes none(String why) {
    return new ProductTimes(List.of(), List.of(), why);
  }

  /**
   * Measures both, one after the other for each product.
   *
   * @param cases products; those that the GPU has no room for are left out
   * @param ceilings of the device
   * @param effort how thoroughly
   * @param progress is told of each row
   * @throws DeviceException if there is room for none
   */
  static ProductTimes measure(
      ProductDevices devices,
      List<ProductCase> cases,
      Ceilings ceilings,
      KernelTime.Effort effort,
      Consumer<String> progress) {
    CudaDevice own = devices.own();
    long room = (long) (MEMORY_SHARE * own.memory().capacityBytes());
    List<Row> rows = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (ProductCase one : cases) {
      long needed = one.bytes() + effort.coldBytes();
      if (needed > room) {
        left.add(one + ": needs " + needed + " bytes, half of the GPU's memory is " + room);
        continue;
      }
      KernelCase call = one.kernel();
      Row row =
          new Row(
              one,
              KernelTime.measure(own, call, ceilings, effort),
              KernelTime.measure(devices.cublas(), call, ceilings, effort));
      rows.add(row);
      progress.accept(row.markdown());
    }
    if (rows.isEmpty()) {
      throw new DeviceException("no product was measured, the first " + left.getFirst());
    }
    return new ProductTimes(rows, left, devices.cublas().identity().libraries());
  }

  /** Result lines, each begun by {@code line}. */
  List<ResultLine> lines(Supplier<ResultLineBuilder> line) {
    return rows.stream().flatMap(row -> row.lines(line).stream()).toList();
  }

  /**
   * Keeps the table for this user's later runs, instead of an older one.
   *
   * @param file where, see {@link ProductTableFile#writable}
   * @param device with which they were measured
   * @throws IOException if it cannot be written; an older one is then as it was
   */
  void keep(Path file, CudaDevice device) throws IOException {
    ProductTable table =
        new ProductTable(
            device.productOrigin(),
            device.productConditions(),
            rows.stream().map(Row::kept).toList());
    AtomicFile.write(file, ProductTableFile.text(table).getBytes(StandardCharsets.UTF_8));
  }

  /** How they compare, in one line. */
  String verdict() {
    long ours = rows.stream().filter(row -> row.kept().ownIsFaster()).count();
    return "Ours are faster in " + ours + " of " + rows.size() + " products.";
  }

  /** The table for people, or why there is none. */
  String markdown() {
    if (rows.isEmpty()) {
      return "Ours beside cuBLAS's: not measured, " + note + ".\n";
    }
    return "Ours beside cuBLAS's ("
        + note
        + "), as layers run them: forward with the check of the result, "
        + ProductCase.NET_WORDS
        + "; backward with the update by SGD. Times are for a layer.\n\n"
        + HEAD
        + rows.stream().map(row -> row.markdown() + "\n").collect(Collectors.joining())
        + "\n"
        + verdict()
        + " `--products measured` goes by such a table, which `bench products` keeps.\n"
        + left.stream().map(one -> "Not measured: " + one + ".\n").collect(Collectors.joining());
  }
}

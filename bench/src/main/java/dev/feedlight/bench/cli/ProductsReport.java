package dev.feedlight.bench.cli;

import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.ProductTable;
import dev.feedlight.device.cuda.ProductTableFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code doctor} says of the measured table of products of a GPU.
 *
 * @param file where the table is kept, or would be; empty where there can be none
 * @param table what was measured; empty if nothing was, or if it cannot be read
 * @param remark what is missing or old, with the remedy; empty if nothing is
 */
record ProductsReport(Optional<Path> file, Optional<ProductTable> table, String remark) {
  /** Looks for the table of a device. */
  static ProductsReport of(CudaDevice device) {
    if (device.precision() != Precision.FP32) {
      return without(Optional.empty(), "none: cuBLAS is for products in fp32");
    }
    Optional<Path> file = Optional.empty();
    try {
      ProductTable.Origin origin = device.productOrigin();
      file = Optional.of(ProductTableFile.of(origin));
      Optional<ProductTable> table = ProductTableFile.find(origin);
      return table.isEmpty()
          ? without(file, "not measured; run " + ProductTableFile.COMMAND)
          : new ProductsReport(
              file, table, table.get().conditions().remark(device.productConditions()));
    } catch (DeviceException e) {
      return without(file, "none that can be used: " + e.getMessage());
    }
  }

  private static ProductsReport without(Optional<Path> file, String remark) {
    return new ProductsReport(file, Optional.empty(), remark);
  }

  private static long cublasCount(ProductTable table) {
    return table.rows().size() - table.ownCount();
  }

  /** For a JSON object. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    file.ifPresent(path -> json.put("path", path.toString()));
    if (!remark.isEmpty()) {
      json.put("remark", remark);
    }
    table.ifPresent(measured -> put(json, measured));
    return json;
  }

  private static void put(Map<String, Object> json, ProductTable table) {
    json.put("measured", table.conditions().time().toString());
    json.put("driver", table.conditions().driver());
    json.put("cublas", table.origin().cublas());
    json.put("own_faster", table.ownCount());
    json.put("cublas_faster", cublasCount(table));
    json.put("rows", table.rows().stream().map(ProductsReport::json).toList());
  }

  private static Map<String, Object> json(ProductTable.Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("direction", row.direction().toString());
    json.put("batch", row.batch());
    json.put("inputs", row.inputs());
    json.put("outputs", row.outputs());
    json.put("own_seconds", row.ownSeconds());
    json.put("cublas_seconds", row.cublasSeconds());
    return json;
  }

  /** For people: a line, and where there is a table its rows. */
  @Override
  public String toString() {
    String path = file.map(Path::toString).orElse("");
    return table
        .map(measured -> text(path, measured))
        .orElseGet(() -> remark + (path.isEmpty() ? "" : " (" + path + ")"));
  }

  private String text(String path, ProductTable table) {
    List<String> lines = new ArrayList<>();
    lines.add(
        path
            + ", measured "
            + table.conditions().time()
            + ", driver for CUDA "
            + table.conditions().driver()
            + ", cuBLAS "
            + table.origin().cublas()
            + ": ours faster for "
            + table.ownCount()
            + " shapes, cuBLAS for "
            + cublasCount(table));
    if (!remark.isEmpty()) {
      lines.add("  " + remark);
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  %-9s %6s %7s %7s %11s %11s  %s",
            "product",
            "batch",
            "inputs",
            "outputs",
            "ours, us",
            "cuBLAS, us",
            "faster"));
    table.rows().forEach(row -> lines.add(line(row)));
    return String.join(System.lineSeparator(), lines);
  }

  private static String line(ProductTable.Row row) {
    return String.format(
        Locale.ROOT,
        "  %-9s %6d %7d %7d %11.2f %11.2f  %s",
        row.direction(),
        row.batch(),
        row.inputs(),
        row.outputs(),
        row.ownSeconds() * 1e6,
        row.cublasSeconds() * 1e6,
        row.ownIsFaster() ? "ours" : "cuBLAS");
  }
}

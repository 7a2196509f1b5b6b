package dev.feedlight.bench.cli;

import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.CudaException;
import dev.feedlight.device.cuda.ProductTable;
import dev.feedlight.device.cuda.ProductTableFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code doctor} says of the measured table of products of a GPU.
 *
 * @param file where the table is kept, or would be; null where there can be none
 * @param table what was measured; null if nothing was, or if it cannot be read
 * @param remark what is missing or old, with the remedy; null if nothing is
 */
record ProductsReport(Path file, ProductTable table, String remark) {
  /** Looks for the table of a device. */
  static ProductsReport of(CudaDevice device) {
    if (device.precision() != Precision.FP32) {
      return new ProductsReport(null, null, "none: cuBLAS is for products in fp32");
    }
    Path file = null;
    try {
      file = ProductTableFile.of(device.productOrigin());
      ProductTable table = ProductTableFile.find(device.productOrigin());
      return new ProductsReport(file, table, remark(table, device));
    } catch (CudaException e) {
      return new ProductsReport(file, null, "none that can be used: " + e.getMessage());
    }
  }

  private static String remark(ProductTable table, CudaDevice device) {
    if (table == null) {
      return "not measured; run " + ProductTableFile.COMMAND;
    }
    ProductTable.Conditions then = table.conditions();
    ProductTable.Conditions now = device.productConditions();
    return then.driver().equals(now.driver()) && then.kernels().equals(now.kernels())
        ? null
        : "measured with another driver or other kernels than these; refresh it by "
            + ProductTableFile.COMMAND;
  }

  private long cublasIsFaster() {
    return table.rows().size() - table.ownIsFaster();
  }

  /** For a JSON object. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    if (file != null) {
      json.put("path", file.toString());
    }
    if (remark != null) {
      json.put("remark", remark);
    }
    if (table != null) {
      json.put("measured", table.conditions().time().toString());
      json.put("driver", table.conditions().driver());
      json.put("cublas", table.origin().cublas());
      json.put("own_faster", table.ownIsFaster());
      json.put("cublas_faster", cublasIsFaster());
      json.put("rows", table.rows().stream().map(ProductsReport::json).toList());
    }
    return json;
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
    List<String> lines = new ArrayList<>();
    if (table == null) {
      lines.add(remark + (file == null ? "" : " (" + file + ")"));
      return lines.getFirst();
    }
    lines.add(
        file
            + ", measured "
            + table.conditions().time()
            + ", driver for CUDA "
            + table.conditions().driver()
            + ", cuBLAS "
            + table.origin().cublas()
            + ": ours faster for "
            + table.ownIsFaster()
            + " shapes, cuBLAS for "
            + cublasIsFaster());
    if (remark != null) {
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

package dev.feedlight.bench.kernels;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.device.Device;
import dev.feedlight.device.DeviceException;
import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.Products;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Products of dense layers by our kernels beside those by cuBLAS, each with what follows it: bias,
 * activation or mask. Which is faster depends on the GPU and on the shape.
 *
 * @param rows one for each product; empty if there is nothing to compare
 * @param note why there are none, or what they were measured with
 */
record ProductTable(List<Row> rows, String note) {
  /** One product both ways. */
  record Row(KernelTime own, KernelTime cublas) {
    boolean ownIsFaster() {
      return own.seconds().median() <= cublas.seconds().median();
    }
  }

  private static final String HEAD =
      """
      | product | operands | ours, us | cuBLAS, us | ours / cuBLAS | faster |
      |---|---|--:|--:|--:|---|
      """;

  /** Copies the list. */
  ProductTable {
    rows = List.copyOf(rows);
  }

  /**
   * Measures both, one after the other for each product.
   *
   * @param device whose products are our own
   * @param cases products
   * @param ceilings of the device
   * @param effort how thoroughly
   */
  static ProductTable measure(
      Device device, List<KernelCase> cases, Ceilings ceilings, KernelTime.Effort effort) {
    if (!(device instanceof CudaDevice) || device.precision() != Precision.FP32) {
      return new ProductTable(List.of(), "cuBLAS is for products in fp32 on a GPU");
    }
    try (DeviceChoice other =
        DeviceChoice.open(device.name(), 1, device.precision(), Products.CUBLAS)) {
      List<Row> rows = new ArrayList<>();
      for (KernelCase one : cases) {
        rows.add(
            new Row(
                KernelTime.measure(device, one, ceilings, effort),
                KernelTime.measure(other.device(), one, ceilings, effort)));
      }
      return new ProductTable(rows, other.device().identity().libraries());
    } catch (DeviceException e) {
      return new ProductTable(List.of(), e.getMessage());
    }
  }

  /** The table, or why there is none. */
  String markdown() {
    if (rows.isEmpty()) {
      return "Ours beside cuBLAS's: not measured, " + note + ".\n";
    }
    StringBuilder text =
        new StringBuilder("Ours beside cuBLAS's (" + note + "), as layers run them:\n\n" + HEAD);
    for (Row row : rows) {
      double own = row.own.seconds().median();
      double cublas = row.cublas.seconds().median();
      text.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %.2f | %.2f | %.2f | %s |%n",
              row.own.measured().kernel(),
              row.own.measured().shape(),
              own * 1e6,
              cublas * 1e6,
              own / cublas,
              row.ownIsFaster() ? "ours" : "cuBLAS"));
    }
    long faster = rows.stream().filter(Row::ownIsFaster).count();
    return text.append("\nOurs are faster in ")
        .append(faster)
        .append(" of ")
        .append(rows.size())
        .append("; `--products cublas` takes the others.\n")
        .toString();
  }
}

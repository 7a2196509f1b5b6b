package dev.feedlight.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.CudaDevice;
import dev.feedlight.device.cuda.ProductTable;
import dev.feedlight.device.cuda.ProductTable.Direction;
import dev.feedlight.device.cuda.ProductTable.Row;
import dev.feedlight.device.cuda.ProductTableFile;
import dev.feedlight.device.cuda.ProductTables;
import dev.feedlight.device.cuda.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says of tables that are good, old, damaged and missing. */
final class ProductsReportTest {
  private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir private Path folder;
  @RegisterExtension private final ProductTables tables = new ProductTables(() -> folder);

  private static String keep(CudaDevice device, String driver) throws IOException {
    ProductTable table =
        new ProductTable(
            device.productOrigin(),
            new ProductTable.Conditions(driver, device.productConditions().kernels(), TIME),
            List.of(
                new Row(Direction.FORWARD, 32, 100, 100, 1.25e-6, 4.5e-6),
                new Row(Direction.BACKWARD, 512, 3080, 10, 4e-4, 3e-4)));
    String text = ProductTableFile.text(table);
    Files.writeString(ProductTableFile.of(table.origin()), text);
    return text;
  }

  @Test
  void aTableIsReportedWithItsRows() throws IOException {
    try (CudaDevice device = StandIn.open(Precision.FP32)) {
      Path file = ProductTableFile.of(device.productOrigin());
      assertThat(ProductsReport.of(device))
          .hasToString(
              "not measured; run ./feedlight bench products --device cuda --out DIR ("
                  + file
                  + ")");
      String text = keep(device, "12.6");
      assertThat(ProductsReport.of(device).toString().lines())
          .containsExactly(
              file
                  + ", measured 2026-01-31T12:00:00Z, driver for CUDA 12.6, cuBLAS 12.6.4: ours"
                  + " faster for 1 shapes, cuBLAS for 1",
              "  product    batch  inputs outputs    ours, us  cuBLAS, us  faster",
              "  forward       32     100     100        1.25        4.50  ours",
              "  backward     512    3080      10      400.00      300.00  cuBLAS");
      keep(device, "12.5");
      assertThat(ProductsReport.of(device).remark())
          .isEqualTo(
              "measured with another driver, for CUDA 12.5; refresh by ./feedlight bench products"
                  + " --device cuda --out DIR");
      Files.writeString(file, text.replace("4.5E-6", "4.4E-6"));
      ProductsReport damaged = ProductsReport.of(device);
      assertThat(damaged.table()).isEmpty();
      assertThat(damaged.remark())
          .startsWith("none that can be used: the table of products " + file)
          .contains("at line 12: crc32 is ");
    }
  }
}

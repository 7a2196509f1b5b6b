package dev.feedlight.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.device.Precision;
import dev.feedlight.device.cuda.ProductTable.Direction;
import dev.feedlight.device.cuda.ProductTable.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which row speaks for a product, and that a file is what was written or is refused. */
final class ProductTableTest {
  private static final Path FILE = Path.of("table.txt");

  private static final ProductTable TABLE =
      table(
          new Row(Direction.FORWARD, 32, 100, 100, 1.25e-6, 4.5e-6),
          new Row(Direction.FORWARD, 512, 3080, 3080, 4e-4, 3e-4),
          new Row(Direction.FORWARD, 32, 3080, 10, 5e-5, 6e-5),
          new Row(Direction.BACKWARD, 32, 100, 100, 7e-6, 6.25e-6));

  static ProductTable table(Row... rows) {
    return new ProductTable(
        new ProductTable.Origin("NVIDIA H200", "sm_90", Precision.FP32, "12.6.4"),
        new ProductTable.Conditions(
            "12.6", "0123456789abcdef", Instant.parse("2026-01-31T12:00:00Z")),
        List.of(rows));
  }

  /** By ratios, not differences: from 200, 100 is as far as 400; outputs are not inputs. */
  @ParameterizedTest
  @CsvSource({
    "FORWARD, 32, 100, 100, 0",
    "FORWARD, 64, 300, 300, 0",
    "FORWARD, 64, 1000, 1000, 1",
    "FORWARD, 32, 4000, 20, 2",
    "FORWARD, 32, 20, 4000, 0",
    "FORWARD, 1, 555, 555, 0",
    "BACKWARD, 100000, 100000, 100000, 3"
  })
  void theNearestRowSpeaks(Direction direction, long batch, long inputs, long outputs, int row) {
    assertThat(TABLE.nearest(direction, batch, inputs, outputs)).isEqualTo(TABLE.rows().get(row));
  }

  @Test
  void equallyNearTheFirstCounts() {
    Row small = new Row(Direction.FORWARD, 8, 64, 64, 1, 2);
    Row large = new Row(Direction.FORWARD, 8, 256, 256, 1, 2);
    Row back = new Row(Direction.BACKWARD, 8, 64, 64, 1, 2);
    assertThat(table(small, large, back).nearest(Direction.FORWARD, 8, 128, 128)).isEqualTo(small);
    assertThat(table(large, small, back).nearest(Direction.FORWARD, 8, 128, 128)).isEqualTo(large);
  }

  @Test
  void aFileIsReadAsItWasWritten() {
    String text = ProductTableFile.text(TABLE);
    assertThat(text).startsWith("feedlight-products 1\ngpu NVIDIA H200\n").contains("\nrows 4\n");
    assertThat(ProductTableFile.parse(text, FILE)).isEqualTo(TABLE);
    assertThat(TABLE.ownIsFaster()).isEqualTo(2);
  }

  @Test
  void everyChangedByteAndEveryShorterFileIsRefused() {
    byte[] bytes = ProductTableFile.text(TABLE).getBytes(StandardCharsets.UTF_8);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (1 << random.nextInt(8));
      requireRefused(new String(changed, StandardCharsets.UTF_8));
      requireRefused(new String(bytes, 0, i, StandardCharsets.UTF_8));
    }
    requireRefused(new String(bytes, StandardCharsets.UTF_8) + "forward 1 1 1 1 1\n");
  }

  private static void requireRefused(String text) {
    assertThatThrownBy(() -> ProductTableFile.parse(text, FILE))
        .isInstanceOf(CudaException.class)
        .hasMessageContainingAll("table.txt cannot be understood at line ", "measure again");
  }

  @ParameterizedTest
  @CsvSource({
    "feedlight-products 1, feedlight-products 2, 'line 1: feedlight-products is ''2'', not'",
    "feedlight-products 1, # Kernels, 'line 1: ''# Kernels'' where ''feedlight-products'' belongs'",
    "precision fp32, precision fp64, 'line 4: precision is ''fp64'', not fp32, tf32 or bf16'",
    "rows 4, rows 0, 'line 9: rows is ''0'', not from 1 to '",
    "forward 32 100 100, sideways 32 100 100, 'line 10: '",
    "forward 32 100 100, forward 32 -1 100, 'line 10: '",
    "1.25E-6, NaN, 'line 10: '",
    "1.25E-6, 1.26E-6, 'line 14: crc32 is '",
  })
  void whatIsWrongIsNamedWithItsLine(String part, String other, String message) {
    String text = ProductTableFile.text(TABLE).replace(part, other);
    assertThatThrownBy(() -> ProductTableFile.parse(text, FILE))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("; remove table.txt and measure again by ./feedlight bench products");
  }

  @Test
  void aTableHasEveryShapeOnceAndBothDirections() {
    Row forward = TABLE.rows().getFirst();
    assertThatThrownBy(() -> table(forward))
        .hasMessageContaining("no row of the products backward");
    assertThatThrownBy(() -> table(forward, forward)).hasMessageContaining("two rows of");
  }
}

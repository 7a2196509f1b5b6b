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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which row speaks for a product, and that a file is what was written or is refused. */
final class ProductTableTest {
  /** Of a block on an H200. */
  private static final int SHARED = 227 * 1024;

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
    "FORWARD, 1, 20, 30, 0",
    "FORWARD, 1024, 128, 128, 0",
    "FORWARD, 1025, 100, 100, 1",
    "FORWARD, 64, 130, 130, 2",
    "FORWARD, 64, 1000, 1000, 1",
    "FORWARD, 32, 4000, 20, 2",
    "FORWARD, 32, 20, 4000, 1",
    "BACKWARD, 1, 100, 100, 3",
    "BACKWARD, 100000, 100000, 100000, 3"
  })
  void theNearestRowSpeaks(Direction direction, long batch, long inputs, long outputs, int row) {
    assertThat(TABLE.nearest(direction, batch, inputs, outputs, SHARED))
        .contains(TABLE.rows().get(row));
  }

  /** Of few samples, narrow layers and tiles none speaks for another, however near. */
  @Test
  void aRowSpeaksOnlyForItsKernel() {
    Row few = new Row(Direction.FORWARD, 8, 1024, 1024, 1, 2);
    Row tiles = new Row(Direction.FORWARD, 512, 2000, 2000, 2, 1);
    Row back = new Row(Direction.BACKWARD, 8, 1024, 1024, 1, 2);
    ProductTable table = table(few, tiles, back);
    assertThat(table.nearest(Direction.FORWARD, 8, 1024, 1024, SHARED)).contains(few);
    assertThat(table.nearest(Direction.FORWARD, 9, 1024, 1024, SHARED)).contains(tiles);
    assertThat(table.nearest(Direction.FORWARD, 1, 129, 10, SHARED)).contains(few);
    assertThat(table.nearest(Direction.FORWARD, 8, 128, 128, SHARED)).isEmpty();
    assertThat(table.nearest(Direction.BACKWARD, 9, 1024, 1024, SHARED)).isEmpty();
    assertThat(table.missing(SHARED)).containsExactly("narrow layers forward", "tiles backward");
    // Two weights of 128 x 128 have no room in such a block, so tiles it is.
    assertThat(table.nearest(Direction.FORWARD, 8, 128, 128, 64 * 1024)).contains(tiles);
  }

  /** Times differ from one measurement to the next, and results do not depend on them. */
  @Test
  void theMarkIsOfDecisions() {
    Row row = new Row(Direction.FORWARD, 8, 64, 64, 1, 2);
    Row slower = new Row(Direction.FORWARD, 8, 64, 64, 3, 4);
    Row cublas = new Row(Direction.FORWARD, 8, 64, 64, 2, 1);
    Row back = new Row(Direction.BACKWARD, 8, 64, 64, 1, 2);
    assertThat(Stream.of(table(row), table(slower), table(cublas), table(back), table(row, back)))
        .extracting(ProductTableFile::mark)
        .doesNotContainNull()
        .satisfies(
            marks -> {
              assertThat(marks.get(1)).isEqualTo(marks.get(0));
              assertThat(marks.subList(1, marks.size())).doesNotHaveDuplicates();
            });
  }

  @Test
  void equallyNearTheFirstCounts() {
    Row small = new Row(Direction.FORWARD, 32, 256, 256, 1, 2);
    Row large = new Row(Direction.FORWARD, 32, 1024, 1024, 1, 2);
    Row back = new Row(Direction.BACKWARD, 8, 64, 64, 1, 2);
    assertThat(table(small, large, back).nearest(Direction.FORWARD, 32, 512, 512, SHARED))
        .contains(small);
    assertThat(table(large, small, back).nearest(Direction.FORWARD, 32, 512, 512, SHARED))
        .contains(large);
  }

  @Test
  void aFileIsReadAsItWasWritten() {
    String text = ProductTableFile.text(TABLE);
    assertThat(text).startsWith("feedlight-products 1\ngpu NVIDIA H200\n").contains("\nrows 4\n");
    assertThat(ProductTableFile.parse(text, FILE)).isEqualTo(TABLE);
    assertThat(TABLE.ownCount()).isEqualTo(2);
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
  void aTableHasRowsAndEveryShapeOnce() {
    Row forward = TABLE.rows().getFirst();
    assertThatThrownBy(() -> table()).hasMessageContaining("no rows");
    assertThatThrownBy(() -> table(forward, forward)).hasMessageContaining("two rows of");
  }
}

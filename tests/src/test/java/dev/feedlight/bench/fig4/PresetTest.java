package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the presets promise. */
final class PresetTest {
  @Test
  void quickHasEveryRuleAtEverySize() {
    List<Cell> cells = Preset.QUICK.cells(Figure.named(Figure.ALL));
    assertThat(cells).doesNotHaveDuplicates().hasSize(4 * 3 * 4 + 2 * 7);
    assertThat(cells)
        .contains(
            new Cell.DigitalStep("bp", 128, 1),
            new Cell.DigitalStep("dfa", 1024, 16),
            new Cell.DigitalProjection(3000));
  }

  @Test
  void quickTakesFiveMinutesAtMost() {
    List<Cell> cells = Preset.QUICK.cells(Figure.named(Figure.ALL));
    assertThat(Preset.QUICK.seconds(cells)).isLessThan(265);
    assertThat(Preset.QUICK.forks() * Preset.QUICK.iterations()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void panelsShareTheirCells() {
    List<Cell> widths = Preset.QUICK.cells(List.of(Figure.FIG4A));
    assertThat(Preset.QUICK.cells(List.of(Figure.FIG4B))).isEqualTo(widths);
    assertThat(Preset.QUICK.cells(List.of(Figure.FIG4A, Figure.FIG4B))).isEqualTo(widths);
  }

  @Test
  void memoryGrowsWithTheNetwork() {
    long small = new Cell.DigitalStep("bp", 128, 1).deviceBytes(32);
    long large = new Cell.DigitalStep("bp", 3080, 96).deviceBytes(32);
    // The weights alone, 97 matrices of fp32.
    assertThat(large).isGreaterThan(97L * 3080 * 3080 * 4);
    assertThat(small).isLessThan(2_000_000);
  }
}

package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
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
    // Twice as slow as two cores of a 2023 Xeon.
    Rates.Rate step = new Rates.Rate(5e-9, 3e-9);
    Rates.Rate projection = new Rates.Rate(2e-9, 1e-9);
    Estimate estimate =
        new Estimate(Preset.QUICK, new Rates(step, step, projection, projection, projection));
    assertThat(estimate.seconds(Preset.QUICK.cells(Figure.named(Figure.ALL)))).isLessThan(275);
    assertThat(Preset.QUICK.forks() * Preset.QUICK.iterations()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void paperSpansThePapersRanges() {
    Preset paper = Preset.PAPER;
    assertThat(List.of(paper.widths().getFirst(), paper.widths().getLast()))
        .containsExactly(100, 3080);
    assertThat(List.of(paper.depths().getFirst(), paper.depths().getLast())).containsExactly(1, 96);
    assertThat(paper.sizes()).startsWith(1000).endsWith(1_000_000);
    assertThat(paper.forks()).isEqualTo(3);
    // Width 1000 and depth 1 belong to the grid and to panel c: three cells are shared.
    assertThat(paper.cells(Figure.named(Figure.ALL)))
        .doesNotHaveDuplicates()
        .hasSize(6 * 5 * 4 + 7 * 7 - 3);
  }

  @Test
  void cellsOfAPresetHaveDifferentNames() {
    for (Preset preset : List.of(Preset.SMOKE, Preset.QUICK, Preset.PAPER)) {
      assertThat(preset.cells(Figure.named(Figure.ALL)))
          .extracting(Cell::label)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void gridsAreHalvedFromTheirEnds() {
    assertThat(IntStream.range(0, 6).map(i -> CellGroup.levelOf(i, 6)))
        .containsExactly(0, 2, 1, 2, 3, 0);
    assertThat(IntStream.range(0, 5).map(i -> CellGroup.levelOf(i, 5)))
        .containsExactly(0, 2, 1, 2, 0);
    assertThat(CellGroup.levelOf(0, 1)).isZero();
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
    // The feedback matrix, and what the process needs besides.
    assertThat(new Cell.DigitalStep("dfa", 3080, 96).deviceBytes(32) - large)
        .isEqualTo(3080L * 3080 * 4);
    assertThat(new Cell.DigitalStep("bp", 3080, 96).processBytes(32)).isGreaterThan(large);
  }
}

package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedlight.opu.OpuClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sentences follow the numbers. */
final class FindingsTest {
  private static final Preset PRESET =
      new Preset("smoke", List.of(64, 128), List.of(1, 2), List.of(100), 10, 1, 0, 0, 1, 3, 1);

  /** 2 ms a projection, 20 ms a batch of ten. */
  private static final OpuClock CLOCK = OpuClock.ofFrames(0.5e-3);

  private static List<String> sentences(double backpropagation, double dfa, double electronics) {
    Times times = new Times();
    for (int depth : PRESET.depths()) {
      for (int width : PRESET.widths()) {
        double size = depth * width / 64.0;
        put(times, new Cell.DigitalStep("bp", width, depth), backpropagation * size);
        put(times, new Cell.DigitalStep("dfa", width, depth), dfa * size);
        put(times, new Cell.ElectronicStep(width, depth), electronics * size);
      }
    }
    Setup setup =
        new Setup(List.of(Figure.FIG4A, Figure.FIG4B), PRESET, CLOCK, SomeDevice.cpu(), "unknown");
    return new Findings(setup, Lines.of(setup, times)).sentences();
  }

  private static void put(Times times, Cell cell, double milliseconds) {
    times.put(cell, Measurement.of(List.of(milliseconds), "unknown"));
  }

  @Test
  void aCrossoverIsNamedWhereItIs() {
    // Serial: 20 + 4 size against 10 size, so from size 4 on; overlapped: from size 2 on.
    List<String> sentences = sentences(10, 8, 4);
    assertThat(sentences)
        .contains(
            "Modelled ODFA (serial) takes at most BP's time at width 128, depth 2.",
            "Overlapped, modelled ODFA takes at most BP's time at width 128, depth 1; width 64,"
                + " depth 2; width 128, depth 2.");
    assertThat(sentences).noneMatch(sentence -> sentence.contains("no crossover"));
  }

  @Test
  void noneIsSaidWhereThereIsNone() {
    List<String> sentences = sentences(1, 0.8, 0.6);
    assertThat(sentences).filteredOn(sentence -> sentence.contains("no crossover")).hasSize(2);
    assertThat(sentences).noneMatch(sentence -> sentence.contains("at most BP's time"));
  }

  @Test
  void rangesNameTheirEnds() {
    assertThat(sentences(10, 7, 4))
        .anyMatch(sentence -> sentence.startsWith("DFA takes 0.70 to 0.70 of BP's time"));
  }
}

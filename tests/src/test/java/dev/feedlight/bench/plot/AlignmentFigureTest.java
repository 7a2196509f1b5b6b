package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.TrainingListener.AlignmentEvent;
import dev.feedlight.learn.BlockAlignment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AlignmentFigureTest {
  @Test
  void gradientsAndWeightsHaveAPanelEach() throws Exception {
    String svg = svg(events(4, true, 0));
    assertThat(svg)
        .contains("gradient alignment", "weight alignment", "alignment (cosine)", "the run")
        .contains("dense1", "dense2", "dense3", "dense4")
        .contains(">step<", "\u22120.2<", ">0.8<")
        .doesNotContain("\u22120.4<", "blocks are drawn");
  }

  @Test
  void withoutFeedbackMatrixThereIsOnePanel() throws Exception {
    assertThat(svg(events(4, false, 0)))
        .contains("gradient alignment", "dense3")
        .doesNotContain("weight alignment", "dense4");
  }

  @Test
  void lowMeansWidenTheAxis() throws Exception {
    assertThat(svg(events(3, true, -0.7))).contains("\u22120.8<").doesNotContain("\u22121<");
    assertThat(svg(events(3, true, -1))).contains("\u22121<");
  }

  @Test
  void manyBlocksAreThinnedOut() throws Exception {
    assertThat(svg(events(30, true, 0)))
        .contains(">dense1<", ">dense30<", "8 of 30 blocks are drawn")
        .doesNotContain(">dense2<");
  }

  @Test
  void valuesThatAreNotDefinedAreLeftOut() throws Exception {
    BlockAlignment undefined =
        new BlockAlignment(0, "dense1", Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    BlockAlignment last = new BlockAlignment(1, "dense2", 1, 0, 1, 0.5);
    String svg = svg(List.of(new AlignmentEvent(0, 1, List.of(undefined, last))));
    assertThat(svg).contains("dense2").doesNotContain("dense1");
  }

  @Test
  void nothingIsRefused() {
    assertThatThrownBy(() -> new AlignmentFigure(List.of()))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("never measured");
  }

  private static String svg(List<AlignmentEvent> events) throws Exception {
    return FigureWriter.svg(new AlignmentFigure(events).sheet("a title", "the run"));
  }

  private static List<AlignmentEvent> events(int blocks, boolean weights, double lowest) {
    List<AlignmentEvent> events = new ArrayList<>();
    for (int step = 0; step < 100; step += 10) {
      List<BlockAlignment> found = new ArrayList<>();
      for (int i = 0; i < blocks; i++) {
        boolean last = i == blocks - 1;
        double mean = last ? 1 : lowest + 0.003 * step / (i + 1);
        double weight = weights && i > 0 ? 0.002 * step : Double.NaN;
        found.add(new BlockAlignment(i, "dense" + (i + 1), mean, last ? 0 : 0.3, 1, weight));
      }
      events.add(new AlignmentEvent(step, 1, found));
    }
    return events;
  }
}

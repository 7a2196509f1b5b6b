package dev.feedlight.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Implementation;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.step.Spread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From measured times to lines, ratios, table and picture; no libtorch is needed. */
final class PeerResultsTest {
  private static final PeerCell SMALL = new PeerCell(4, 256, 32);
  private static final PeerCell LARGE = new PeerCell(4, 3080, 128);

  /** BP meets its goal exactly, DFA for BP misses it just so, DFA meets it. */
  private static List<ResultLine> lines(PeerCell cell) {
    PeerLines lines = new PeerLines(cell, 2);
    return List.of(
        lines.ours(Rule.BP, new Spread(2.9, 3, 3.2), 9),
        lines.libTorch(Rule.BP, "variant=manual openmp=1", new Spread(3.9, 4, 4.1), 9),
        lines.ours(Rule.DFA, new Spread(2, 2.01, 2.02), 9),
        lines.libTorch(Rule.DFA, "variant=manual openmp=2", new Spread(3, 3, 3), 9),
        lines.products(Rule.BP, new Spread(2.5, 2.6, 2.7), 9));
  }

  @Test
  void ratiosAreOfMediansAndHeldAgainstTheGoals() {
    PeerRow row = PeerRow.of(lines(SMALL)).getFirst();
    assertThat(row.cell()).isEqualTo(SMALL);
    assertThat(row.ratio(PeerGoal.BP)).isEqualTo(0.75);
    assertThat(row.ratio(PeerGoal.DFA_FOR_BP)).isCloseTo(0.5025, within(1e-12));
    assertThat(row.ratio(PeerGoal.DFA)).isCloseTo(0.67, within(1e-12));
    assertThat(row.lowRatio(PeerGoal.BP)).isEqualTo(2.9 / 4.1);
    assertThat(row.highRatio(PeerGoal.BP)).isEqualTo(3.2 / 3.9);
    assertThat(row.meets(PeerGoal.BP)).isTrue();
    assertThat(row.meets(PeerGoal.DFA_FOR_BP)).isFalse();
    assertThat(row.meets(PeerGoal.DFA)).isTrue();
  }

  @Test
  void aCellWithoutItsPeerOrWithTwoIsRefused() {
    List<ResultLine> less = new ArrayList<>(lines(SMALL));
    less.removeIf(
        line -> line.implementation() == Implementation.LIBTORCH && line.rule() == Rule.DFA);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerRow.of(less))
        .withMessageContaining("4x256x32 needs one line of DFA by LIBTORCH, not 0");
    List<ResultLine> more = new ArrayList<>(lines(SMALL));
    more.add(more.getFirst());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerRow.of(more))
        .withMessageContaining("one line of BP by FEEDLIGHT, not 2");
  }

  @Test
  void theTableMarksWhatIsMetAndMissed() {
    assertThat(PeerTable.markdown(lines(SMALL)))
        .contains(
            "| 4 x 256, 32 | 0.75 (0.71 to 0.82), met | 0.50 (0.49 to 0.52), **missed** |"
                + " 0.67 (0.67 to 0.67), met |",
            "| cells that meet the goal | 1 of 1 | 0 of 1 | 1 of 1 |",
            "| 4 x 256, 32 | BP | 3.000 (2.900 to 3.200) | 2.600 | 4.000 (3.900 to 4.100) |"
                + " variant=manual, openmp=1 |",
            "| 4 x 256, 32 | DFA | 2.010 (2.000 to 2.020) |  | 3.000 (3.000 to 3.000) |");
  }

  @Test
  void aCellMeasuredAgainReplacesItsLinesAndLeavesTheOthers(@TempDir Path folder) throws Exception {
    PeerResults results = new PeerResults(folder, "the command");
    results.add(lines(LARGE), List.of("first"));
    results.add(lines(SMALL), List.of("second"));
    results.add(lines(LARGE), List.of("third"));
    List<ResultLine> read = new ResultFile(folder.resolve("peers.jsonl")).read();
    assertThat(read).hasSize(10);
    assertThat(read.subList(0, 5)).isEqualTo(lines(SMALL));
    assertThat(read.subList(5, 10)).isEqualTo(lines(LARGE));
    assertThat(results.files()).allSatisfy(file -> assertThat(file).isNotEmptyFile());
    assertThat(folder.resolve("peers.md"))
        .content()
        .contains("the command", "- third", "| 4 x 3080, 128 |", "![peers](peers.png)");
  }
}

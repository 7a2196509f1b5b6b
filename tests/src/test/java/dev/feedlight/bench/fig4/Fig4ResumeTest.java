package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.bench.fig4.Fig4Run.Start;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.opu.OpuClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end early, and runs that go on there; the machine and its clock are made up. */
final class Fig4ResumeTest {
  private static final Preset PRESET =
      new Preset(
          "smoke", List.of(64, 128, 256), List.of(1, 2), List.of(128), 10, 3, 600, 3000, 2, 5, 200);

  private static final List<Cell> ALL = PRESET.cells(Figure.named(Figure.ALL));

  @TempDir private Path folder;
  private FakeMachine machine = new FakeMachine(PRESET);
  private String out;

  private Fig4Run.Outcome run(Start start, TimeLimit limit) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      return fig4(start, limit, bytes).run();
    } finally {
      out = bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private Fig4Run fig4(Start start, TimeLimit limit, ByteArrayOutputStream bytes) {
    Fig4Run.Request request =
        new Fig4Run.Request(
            Figure.named(Figure.ALL),
            PRESET,
            "cpu",
            1,
            1,
            OpuClock.PAPER_FIG4,
            folder,
            "the command",
            start,
            limit);
    return new Fig4Run(request, new PrintStream(bytes, true, StandardCharsets.UTF_8), machine);
  }

  private List<ResultLine> lines() throws IOException {
    return new ResultFile(folder.resolve("results.jsonl")).read();
  }

  private String summary() throws IOException {
    return Files.readString(folder.resolve("summary.md"));
  }

  private void kill(Cell at) {
    machine.deadly = at;
    assertThatThrownBy(() -> run(Start.AFRESH, TimeLimit.NONE))
        .isInstanceOf(FakeMachine.Killed.class);
  }

  @Test
  void aLimitEndsARunAtWholePlaces() throws IOException {
    Fig4Run.Outcome outcome = run(Start.AFRESH, TimeLimit.ofMinutes(3));
    assertThat(machine.nowSeconds).isGreaterThan(120).isLessThanOrEqualTo(180);
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.measured() + outcome.missing()).isEqualTo(ALL.size());
    for (CellGroup group : PRESET.groups(Figure.named(Figure.ALL))) {
      assertThat(group.cells().stream().filter(machine.measured::contains).count())
          .isIn(0L, (long) group.cells().size());
    }
    assertThat(out).contains("limit     3.0 min: 12 of 28 cells", "[12/28]");
    assertThat(out).doesNotContain("[13/28]");
    assertThat(summary())
        .contains("## Not measured", "| bp step, width 128, depth 1 | not measured | time limit:")
        .contains("Time: 12 cells took");
    assertThat(folder.resolve("fig4a.png")).exists();
    assertThat(lines()).noneMatch(line -> Integer.valueOf(128).equals(line.width()));
  }

  @Test
  void theLimitFollowsThePaceSoFar() throws IOException {
    machine.slowness = 3;
    run(Start.AFRESH, TimeLimit.ofMinutes(6));
    // The first place shows the pace; no later one is begun that ends too late.
    assertThat(machine.nowSeconds).isLessThanOrEqualTo(360);
    assertThat(summary()).contains("(3.00 of it)");
  }

  @Test
  void anInterruptedRunGoesOnWhereItWas() throws IOException {
    Cell last = new Cell.ElectronicStep(256, 1);
    kill(last);
    int before = machine.measured.size();
    assertThat(before).isBetween(1, ALL.size() - 1);
    assertThat(lines()).isNotEmpty();
    Path cells = folder.resolve(CellStore.NAME);
    Files.writeString(cells, "{\"cell\":\"odfa step, elec", StandardOpenOption.APPEND);

    FakeMachine first = machine;
    machine = new FakeMachine(PRESET);
    machine.commit = "def";
    Fig4Run.Outcome outcome = run(Start.RESUMED, TimeLimit.NONE);
    assertThat(machine.measured)
        .doesNotContainAnyElementsOf(first.measured)
        .hasSize(ALL.size() - before)
        .contains(last);
    assertThat(outcome.missing()).isZero();
    assertThat(out)
        .contains(
            "resume    " + before + " of " + ALL.size() + " cells are there",
            "warning   " + before + " cells are of commit abc, not def");
    assertThat(summary())
        .contains(before + " cells were measured by earlier runs", before + " of abc")
        .doesNotContain("Not measured");
    List<ResultLine> pieces = lines();

    // The same as in one piece, but for the commits.
    Path whole = Files.createDirectory(folder.resolve("whole"));
    folder = whole;
    machine = new FakeMachine(PRESET);
    run(Start.AFRESH, TimeLimit.NONE);
    assertThat(pieces)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("commit")
        .isEqualTo(lines());
  }

  @Test
  void anUnfinishedRunIsNotDestroyed() throws IOException {
    kill(new Cell.ElectronicStep(256, 1));
    String before = Files.readString(folder.resolve(CellStore.NAME));
    machine = new FakeMachine(PRESET);
    assertThatThrownBy(() -> run(Start.AFRESH, TimeLimit.NONE))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("of 28 cells of a run that was not finished: go on with --resume");
    assertThat(folder.resolve(CellStore.NAME)).hasContent(before);
    assertThat(machine.measured).isEmpty();
  }

  @Test
  void aFinishedRunIsMeasuredAgain() throws IOException {
    run(Start.AFRESH, TimeLimit.NONE);
    machine = new FakeMachine(PRESET);
    machine.commit = "def";
    assertThat(run(Start.AFRESH, TimeLimit.NONE).measured()).isEqualTo(ALL.size());
    assertThat(Set.copyOf(lines().stream().map(ResultLine::commit).toList())).containsOnly("def");
  }

  @Test
  void anotherMachineIsRefused() throws IOException {
    run(Start.AFRESH, TimeLimit.ofMinutes(2));
    for (Start start : Start.values()) {
      machine = new FakeMachine(PRESET);
      machine.cpu = "another processor";
      assertThatThrownBy(() -> run(start, TimeLimit.NONE))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("cpu some processor, here another processor");
    }
  }

  @Test
  void withoutTimeOnlyWhatIsDerivedIsWritten() throws IOException {
    run(Start.AFRESH, TimeLimit.ofMinutes(2));
    List<ResultLine> before = lines();
    Files.delete(folder.resolve("results.jsonl"));
    Files.delete(folder.resolve("summary.md"));
    machine = new FakeMachine(PRESET);
    Fig4Run.Outcome outcome = run(Start.RESUMED, TimeLimit.ofMinutes(0));
    assertThat(machine.measured).isEmpty();
    assertThat(outcome.measured()).isZero();
    assertThat(lines()).isEqualTo(before);
    assertThat(summary()).contains("not measured | time limit");
  }

  @Test
  void aPlanAloneWritesNothing() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    fig4(Start.AFRESH, TimeLimit.ofMinutes(3), bytes).plan();
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains(
            "28 cells of 3 x (2 + 5) iterations", "fig4a, fig4b: 21 cells at 6 place(s), about ")
        .contains("memory    at most about", "limit     3.0 min: 12 of 28");
    assertThat(folder).isEmptyDirectory();
    assertThat(machine.measured).isEmpty();
  }

  @Test
  void cellsThatDoNotFitAreNamedAndLeftOut() throws IOException {
    machine.freeBytes = 1000;
    Fig4Run.Outcome outcome = run(Start.AFRESH, TimeLimit.NONE);
    assertThat(outcome.measured()).isZero();
    assertThat(outcome.missing()).isEqualTo(ALL.size());
    assertThat(outcome.problems())
        .singleElement()
        .asString()
        .startsWith("nothing was measured; ")
        .contains("of memory, 0 MB are free");
    assertThat(out).contains("skipped   bp step, width 64, depth 1: not measured, does not fit");
    assertThat(outcome.files()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aCellThatFailsIsTriedAgainByTheNextRun() throws IOException {
    machine.broken = new Cell.DigitalStep("bp", 64, 1);
    Fig4Run.Outcome outcome = run(Start.AFRESH, TimeLimit.NONE);
    assertThat(outcome.problems())
        .containsExactly("bp step, width 64, depth 1: not measured, failed: it broke");
    assertThat(summary())
        .contains("| bp step, width 64, depth 1 | not measured | failed: it broke");
    machine.broken = null;
    machine.measured.clear();
    assertThat(run(Start.RESUMED, TimeLimit.NONE).problems()).isEmpty();
    assertThat(machine.measured).containsExactly(new Cell.DigitalStep("bp", 64, 1));
  }
}

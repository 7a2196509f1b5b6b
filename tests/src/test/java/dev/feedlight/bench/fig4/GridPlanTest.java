package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.opu.TransmissionMatrix;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Order, times and memory of what is still to be measured. */
final class GridPlanTest {
  private static final long FREE = 24_000_000_000L;
  private static final Estimate ESTIMATE = new Estimate(Preset.PAPER, FakeMachine.RATES);
  private static final List<Figure> ALL = Figure.named(Figure.ALL);

  private static GridPlan plan(Set<Cell> measured, long free) {
    return GridPlan.of(ESTIMATE, ALL, measured, free);
  }

  @Test
  void holdsEveryCellOnceOrSaysThatItDoesNotFit() {
    GridPlan plan = plan(Set.of(), FREE);
    List<Cell> cells =
        plan.within(TimeLimit.NONE, 0).groups().stream()
            .flatMap(group -> group.cells().stream())
            .toList();
    assertThat(cells).doesNotHaveDuplicates().hasSize(plan.cells());
    assertThat(cells.size() + plan.tooLarge().size()).isEqualTo(Preset.PAPER.cells(ALL).size());
  }

  @Test
  void coarseComesBeforeFineAndQuickBeforeSlow() {
    List<CellGroup> groups = plan(Set.of(), FREE).groups();
    assertThat(groups.getFirst().cells())
        .containsExactly(
            new Cell.DigitalStep("bp", 100, 1),
            new Cell.DigitalStep("dfa", 100, 1),
            new Cell.ElectronicStep(100, 1),
            new Cell.EmulatedStep(TransmissionMatrix.PROCEDURAL, 100, 1));
    assertThat(groups).extracting(CellGroup::level).isSorted();
    for (int i = 1; i < groups.size(); i++) {
      CellGroup before = groups.get(i - 1);
      CellGroup after = groups.get(i);
      boolean sameGrid =
          before.level() == after.level() && before.figures().equals(after.figures());
      if (sameGrid) {
        assertThat(ESTIMATE.seconds(before.cells()))
            .isLessThanOrEqualTo(ESTIMATE.seconds(after.cells()));
      }
    }
  }

  @Test
  void whatIsThereIsNotPlannedAgain() {
    Cell there = new Cell.DigitalStep("bp", 100, 1);
    GridPlan all = plan(Set.of(), FREE);
    GridPlan rest = plan(Set.of(there), FREE);
    assertThat(rest.cells()).isEqualTo(all.cells() - 1);
    assertThat(rest.seconds()).isEqualTo(all.seconds() - ESTIMATE.seconds(there), within(1e-6));
    assertThat(rest.groups()).noneMatch(group -> group.cells().contains(there));
  }

  @Test
  void memoryEndsWithTheMatrixThatIsStored() {
    GridPlan plan = plan(Set.of(), FREE);
    assertThat(plan.tooLarge())
        .extracting(Missing::cell)
        .contains(
            new Cell.DigitalStep("dfa", 100_000, 1),
            new Cell.EmulatedProjection(TransmissionMatrix.STORED, 300_000))
        .doesNotContain(
            new Cell.DigitalStep("dfa", 30_000, 1),
            new Cell.EmulatedProjection(TransmissionMatrix.PROCEDURAL, 1_000_000));
    assertThat(plan.lines())
        .contains(
            "skipped   digital projection, 100000 x 100000: not measured, does not fit: needs about"
                + " 42.7 GB of memory, 24.0 GB are free")
        .anyMatch(line -> line.startsWith("memory    at most about 21.8 GB (emulated projection"))
        .anyMatch(line -> line.startsWith("plan      fig4a, fig4b: 1"))
        .anyMatch(line -> line.startsWith("plan      fig4c: "));
    assertThat(plan(Set.of(), 1000).groups()).isEmpty();
  }

  @Test
  void aLimitTakesWhatFitsAndPassesOverWhatDoesNot() {
    GridPlan plan = plan(Set.of(), FREE);
    TimeLimit limit = TimeLimit.ofMinutes(10);
    GridPlan within = plan.within(limit, 60);
    assertThat(within.seconds()).isGreaterThan(400).isLessThanOrEqualTo(540);
    assertThat(plan.within(TimeLimit.NONE, 60).seconds()).isEqualTo(plan.seconds(), within(1e-6));
    assertThat(plan.within(TimeLimit.ofMinutes(0), 0).groups()).isEmpty();
  }

  @Test
  void sharedCellsBelongToTheFirstPlaceThereIsTimeFor() {
    Cell shared = new Cell.DigitalStep("dfa", 1000, 1);
    GridPlan plan = plan(Set.of(), FREE);
    assertThat(plan.groups()).filteredOn(group -> group.cells().contains(shared)).hasSize(2);
    for (double minutes : new double[] {0.7, 1, 2, 4, 8, 60, 1000}) {
      List<CellGroup> groups = plan.within(TimeLimit.ofMinutes(minutes), 0).groups();
      assertThat(groups.stream().filter(group -> group.cells().contains(shared)).count())
          .isLessThanOrEqualTo(1);
      boolean backpropagation =
          groups.stream()
              .anyMatch(group -> group.cells().contains(new Cell.DigitalStep("bp", 1000, 1)));
      if (backpropagation) {
        assertThat(groups).anyMatch(group -> group.cells().contains(shared));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.NEGATIVE_INFINITY})
  void whatIsNoLimitIsRefused(double minutes) {
    assertThatThrownBy(() -> TimeLimit.ofMinutes(minutes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Only a device with a queue is given several steps at once, and each iteration some calls. */
  @ParameterizedTest
  @CsvSource({"cpu, 1e-4, 1", "cuda, 1e-4, 16", "cuda, 1e-2, 5", "cuda, 0.1, 1", "cuda, 7, 1"})
  void shortStepsOfAGpuAreMeasuredTogether(String device, double step, int replays) {
    assertThat(Schedule.of(Preset.PAPER, step, device).replays()).isEqualTo(replays);
  }

  @ParameterizedTest
  @CsvSource({
    // step s, iterations that do not count, that count, seconds of both
    "0.001, 2, 5, 1.4",
    "0.15,  2, 5, 1.4",
    "0.3,   2, 5, 2.1",
    "1.6,   2, 3, 8.0",
    "4,     1, 1, 8.0",
    "30,    0, 1, 30"
  })
  void longStepsGetFewerIterations(double step, int warmUps, int iterations, double seconds) {
    Schedule schedule = Schedule.of(Preset.PAPER, step);
    assertThat(schedule).isEqualTo(new Schedule(warmUps, iterations, 200));
    assertThat(schedule.seconds(step)).isEqualTo(seconds, within(1e-9));
  }

  @Test
  void aStepIsItsMatricesTimesTheRates() {
    double square = 3080.0 * 3080;
    assertThat(ESTIMATE.stepSeconds(new Cell.DigitalStep("bp", 3080, 96)))
        .isEqualTo(97 * square * 1.2e-9, within(1e-9));
    assertThat(ESTIMATE.stepSeconds(new Cell.DigitalStep("dfa", 3080, 96)))
        .isEqualTo(97 * square * 0.8e-9 + square * 0.3e-9, within(1e-9));
    assertThat(
            ESTIMATE.stepSeconds(
                new Cell.EmulatedProjection(TransmissionMatrix.PROCEDURAL, 1_000_000)))
        .isEqualTo(400, within(1e-6));
    // Three JVMs, set-up and one step each.
    assertThat(
            ESTIMATE.seconds(new Cell.EmulatedProjection(TransmissionMatrix.PROCEDURAL, 1_000_000)))
        .isBetween(3 * 1600.0, 3 * 1606.0);
  }
}

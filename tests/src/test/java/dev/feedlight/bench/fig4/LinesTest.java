package dev.feedlight.bench.fig4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Clock;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.opu.OpuClock;
import dev.feedlight.opu.TransmissionMatrix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From times to lines: what is added, divided and left out. */
final class LinesTest {
  private static final Preset PRESET =
      new Preset("smoke", List.of(64), List.of(3), List.of(100), 10, 1, 0, 0, 1, 3, 1);

  /** 2 ms a projection, 20 ms a batch of ten. */
  private static final OpuClock CLOCK = OpuClock.ofFrames(0.5e-3);

  private static Setup setup(Figure... figures) {
    return new Setup(List.of(figures), PRESET, CLOCK, SomeDevice.cpu(), "unknown");
  }

  private static Measurement time(double median) {
    return new Measurement(median, 0.9 * median, 1.1 * median, 3, "abc");
  }

  private static ResultLine only(List<ResultLine> lines, Metric metric, Clock clock, Boolean over) {
    List<ResultLine> found =
        lines.stream()
            .filter(line -> line.metric() == metric && line.clock() == clock)
            .filter(line -> over == null || over.equals(line.overlapped()))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  @Test
  void modelledTimeIsElectronicsAndClock() {
    Times times = new Times();
    times.put(new Cell.ElectronicStep(64, 3), time(30));
    List<ResultLine> lines = Lines.of(setup(Figure.FIG4A), times);
    assertThat(lines).hasSize(3);
    assertThat(lines).allMatch(line -> line.rule() == Rule.ODFA && line.width() == 64);
    ResultLine serial = only(lines, Metric.MS_PER_SAMPLE, Clock.MODELLED, false);
    assertThat(serial.value()).isEqualTo((30 + 20) / 10.0, within(1e-12));
    assertThat(serial.low()).isEqualTo((27 + 20) / 10.0, within(1e-12));
    assertThat(serial.high()).isEqualTo((33 + 20) / 10.0, within(1e-12));
    assertThat(only(lines, Metric.MS_PER_SAMPLE, Clock.MODELLED, true).value())
        .isEqualTo(3.0, within(1e-12));
    assertThat(List.of(serial.experiment(), lines.get(1).experiment())).containsOnly("fig4a");
    ResultLine electronics = only(lines, Metric.MS_PER_STEP, Clock.NONE, null);
    assertThat(electronics.value()).isEqualTo(30);
    assertThat(electronics.experiment()).isEqualTo(Lines.ELECTRONICS);
  }

  @Test
  void theElectronicPartIsWrittenOnceAndNeverInAPanel() {
    Times times = new Times();
    times.put(new Cell.ElectronicStep(64, 3), time(30));
    times.put(new Cell.ElectronicStep(100, 1), time(20));
    List<ResultLine> steps =
        Lines.of(setup(Figure.FIG4A, Figure.FIG4B, Figure.FIG4C), times).stream()
            .filter(line -> line.metric() == Metric.MS_PER_STEP)
            .toList();
    assertThat(steps).extracting(ResultLine::experiment).containsOnly("fig4_electronics");
    assertThat(steps).extracting(ResultLine::width).containsExactly(64, 100);
  }

  @Test
  void aRunReplacesItsOwnLinesOnly() {
    Times times = new Times();
    times.put(new Cell.ElectronicStep(64, 3), time(30));
    times.put(new Cell.ElectronicStep(100, 1), time(20));
    times.put(new Cell.DigitalProjection(100), time(2));
    List<ResultLine> all = Lines.of(setup(Figure.FIG4A, Figure.FIG4C), times);
    List<ResultLine> panel = Lines.of(setup(Figure.FIG4A), times);
    List<ResultLine> ratios = Lines.of(setup(Figure.FIG4C), times);
    assertThat(all).hasSize(panel.size() + ratios.size());
    assertThat(all)
        .filteredOn(line -> Lines.isReplaced(line, PRESET, List.of(Figure.FIG4A)))
        .containsExactlyElementsOf(panel);
    assertThat(all)
        .filteredOn(line -> Lines.isReplaced(line, PRESET, List.of(Figure.FIG4C)))
        .containsExactlyInAnyOrderElementsOf(ratios);
  }

  @Test
  void overlappedTimeIsNeverBelowTheClock() {
    Times times = new Times();
    times.put(new Cell.ElectronicStep(64, 3), time(5));
    List<ResultLine> lines = Lines.of(setup(Figure.FIG4B), times);
    assertThat(only(lines, Metric.MS_PER_SAMPLE, Clock.MODELLED, true).value())
        .isEqualTo(2.0, within(1e-12));
  }

  @Test
  void measuredTimesCarryNoClock() {
    Times times = new Times();
    times.put(new Cell.DigitalStep("bp", 64, 3), time(10));
    times.put(new Cell.EmulatedStep(TransmissionMatrix.PROCEDURAL, 64, 3), time(40));
    List<ResultLine> lines = Lines.of(setup(Figure.FIG4A), times);
    assertThat(lines).hasSize(2);
    assertThat(only(lines, Metric.MS_PER_SAMPLE, Clock.NONE, null).rule()).isEqualTo(Rule.BP);
    ResultLine emulated = only(lines, Metric.MS_PER_SAMPLE, Clock.EMULATED, null);
    assertThat(emulated.transmission()).isEqualTo("procedural");
    assertThat(emulated.value()).isEqualTo(4);
    assertThat(emulated.n()).isEqualTo(3);
  }

  @Test
  void aMatrixThatOnlyPanelCNeedsIsInNoOtherPanel() {
    Times times = new Times();
    times.put(new Cell.EmulatedStep(TransmissionMatrix.STORED, 64, 3), time(40));
    assertThat(Lines.of(setup(Figure.FIG4A, Figure.FIG4B), times)).isEmpty();
  }

  @Test
  void linesCarryTheCommitsOfWhatWasMeasured() {
    Times times = new Times();
    times.put(new Cell.DigitalStep("dfa", 100, 1), time(10));
    times.put(
        new Cell.EmulatedStep(TransmissionMatrix.STORED, 100, 1),
        new Measurement(8, 7, 9, 3, "def"));
    times.put(
        new Cell.EmulatedStep(TransmissionMatrix.PROCEDURAL, 100, 1),
        new Measurement(8, 7, 9, 3, "abc"));
    assertThat(Lines.of(setup(Figure.FIG4C), times))
        .extracting(ResultLine::commit)
        .containsExactly("def+abc", "abc");
  }

  @Test
  void ratiosNeedBothTimes() {
    Times times = new Times();
    times.put(new Cell.ElectronicStep(100, 1), time(5));
    times.put(new Cell.EmulatedProjection(TransmissionMatrix.STORED, 100), time(8));
    List<ResultLine> without = Lines.of(setup(Figure.FIG4C), times);
    assertThat(without)
        .extracting(ResultLine::experiment)
        .containsExactly(Lines.PROJECTION, Lines.ELECTRONICS);
    times.put(new Cell.DigitalStep("dfa", 100, 1), time(10));
    times.put(new Cell.DigitalProjection(100), time(2));
    List<ResultLine> with = Lines.of(setup(Figure.FIG4C), times);
    assertThat(only(with, Metric.RATIO_STEP, Clock.MODELLED, false).value())
        .isEqualTo(2.5, within(1e-12));
    assertThat(only(with, Metric.RATIO_STEP, Clock.MODELLED, true).value())
        .isEqualTo(2.0, within(1e-12));
    assertThat(only(with, Metric.RATIO_PROJECTION, Clock.MODELLED, null).value())
        .isEqualTo(10, within(1e-12));
    ResultLine emulated = only(with, Metric.RATIO_PROJECTION, Clock.EMULATED, null);
    assertThat(emulated.value()).isEqualTo(4, within(1e-12));
    assertThat(emulated.inputs()).isEqualTo(100);
    assertThat(emulated.outputs()).isEqualTo(100);
  }
}

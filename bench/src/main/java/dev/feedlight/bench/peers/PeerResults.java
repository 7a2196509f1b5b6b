package dev.feedlight.bench.peers;

import dev.feedlight.bench.plot.FigureWriter;
import dev.feedlight.bench.plot.GoalFigure;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Machine;
import dev.feedlight.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code peers.jsonl}, {@code peers.md} and the picture in one folder. */
public final class PeerResults {
  private static final String NAME = "peers";

  private static final String TITLE = "Our training step beside libtorch's";

  private static final String METHOD =
      """
      Input, `depth` hidden layers (tanh) and output of one width, with biases; squared error, SGD,
      fp32. Before anything is timed, the losses of five steps from the same weights on the same data
      must agree to 3e-6, or the cell is refused.

      libtorch's BP is written four ways: `autograd+sgd` (its optimizer), `autograd+add_` (updates in
      place by hand), `manual` (no autograd, results into memory allocated once, updates by `addmm`
      in place) and `onednn` (the same by its own oneDNN, through operators that only `torch.compile`
      uses); its DFA is `manual` and `onednn`, with the same single projection as ours. Each runs with
      every pair of one and all threads of OpenMP and of OpenBLAS. The two fastest of short trials
      take turns with ours, and the one with the lower median counts.

      A turn is a rest, so that the other side's waiting threads sleep (`waiting=brief`: 5 ms,
      GOMP_SPINCOUNT=10000, OPENBLAS_THREAD_TIMEOUT=22; `waiting=library`: 200 ms, nothing set), one
      step that does not count and about 10 ms of steps that do. Times are median (quartiles) of the
      turns; ratios are of medians, in brackets our lower quartile over their upper one and the other
      way round. *Bare products* are our step's matrix products alone. Variables that steer OpenBLAS,
      OpenMP or oneDNN are cleared first: some machines force slow code on OpenBLAS. `others` is what
      other processes used of the machine during the turns.

      """;

  private final Path directory;
  private final String command;

  /**
   * Names the files.
   *
   * @param directory made if missing
   * @param command the command that repeats the run
   */
  public PeerResults(Path directory, String command) {
    this.directory = directory;
    this.command = command;
  }

  private ResultFile lines() {
    return new ResultFile(directory.resolve(NAME + ".jsonl"));
  }

  /** What {@link #add} writes. */
  public List<Path> files() {
    return List.of(
        lines().path(),
        directory.resolve(NAME + ".md"),
        directory.resolve(NAME + ".png"),
        directory.resolve(NAME + ".svg"));
  }

  /**
   * Replaces the lines of the cells that were measured and writes everything again.
   *
   * @param measured complete cells
   * @param notes on the run, a line each: versions, other processes
   * @throws IOException if a file cannot be read or written
   */
  public void add(List<ResultLine> measured, List<String> notes) throws IOException {
    Set<String> cells =
        measured.stream()
            .map(line -> PeerCell.of(line).label())
            .collect(Collectors.toCollection(TreeSet::new));
    List<ResultLine> all =
        new ArrayList<>(
            lines()
                .linesBeside(line -> isPeers(line) && cells.contains(PeerCell.of(line).label())));
    all.addAll(measured);
    all.sort(Comparator.comparingInt(PeerResults::place));
    lines().write(all);
    AtomicFile.write(
        directory.resolve(NAME + ".md"), page(all, notes).getBytes(StandardCharsets.UTF_8));
    FigureWriter.write(figure(PeerRow.of(all)).sheet(), directory, NAME);
  }

  private static GoalFigure figure(List<PeerRow> rows) {
    List<Integer> batches =
        rows.stream().map(row -> row.cell().batch()).distinct().sorted().toList();
    List<GoalFigure.Goal> goals = new ArrayList<>();
    for (PeerGoal goal : PeerGoal.values()) {
      for (int batch : batches) {
        List<GoalFigure.Ratio> ratios =
            rows.stream()
                .filter(row -> row.cell().batch() == batch)
                .map(row -> ratio(row, goal))
                .toList();
        String label = goal.label() + ", batch " + batch;
        goals.add(new GoalFigure.Goal(label, goal.most(), ratios));
      }
    }
    return new GoalFigure(
        TITLE,
        "Ratios of median times per step on this CPU, fp32, SGD; libtorch by its fastest way and"
            + " setting. Error bars: quartiles over opposite quartiles.",
        "depth x width",
        goals,
        batches.size());
  }

  private static GoalFigure.Ratio ratio(PeerRow row, PeerGoal goal) {
    return new GoalFigure.Ratio(
        row.cell().depth() + "x" + row.cell().width(),
        row.lowRatio(goal),
        row.ratio(goal),
        row.highRatio(goal));
  }

  /** In the order of the project's table, other cells behind it. */
  private static int place(ResultLine line) {
    int place = isPeers(line) ? PeerCell.all().indexOf(PeerCell.of(line)) : -1;
    return place < 0 ? Integer.MAX_VALUE : place;
  }

  private static boolean isPeers(ResultLine line) {
    return line.experiment().equals(PeerLines.STEP) || line.experiment().equals(PeerLines.PRODUCTS);
  }

  private String page(List<ResultLine> all, List<String> notes) {
    String head =
        new SummaryWriter(
                TITLE,
                command,
                Machine.detect(),
                Commit.current(),
                Instant.now(),
                List.of(NAME + ".png"))
            .markdown(List.of());
    String list = String.join("\n", notes.stream().map(note -> "- " + note).toList());
    return head + list + "\n\n" + METHOD + PeerTable.markdown(all);
  }
}

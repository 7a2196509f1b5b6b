package dev.feedlight.bench.fig4;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.plot.Fig4Figures;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.ResultFile;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.RunFolderException;
import dev.feedlight.device.Machine;
import dev.feedlight.opu.OpuClock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures Fig. 4, cell by cell, each in JVMs of its own, and writes {@code cells.jsonl}, {@code
 * results.jsonl}, pictures and {@code summary.md}. The first two are written after every cell, so
 * that an interrupted run keeps what it has and another one can go on there. Lines of other
 * experiments in the same {@code results.jsonl} stay.
 */
public final class Fig4Run {
  private final Request request;
  private final PrintStream out;
  private final Surroundings surroundings;
  private Prepared prepared;

  /** What a run does with cells that an earlier one left in the folder. */
  public enum Start {
    /** Measures all cells, and refuses a folder in which a run was not finished. */
    AFRESH,
    /** Measures what is missing. */
    RESUMED
  }

  /**
   * What is asked for.
   *
   * @param figures panels
   * @param preset sizes and times
   * @param device as on the command line
   * @param threads as for {@link DeviceChoice#open}
   * @param seed of weights, data, feedback and optics
   * @param clock model of the optics' time
   * @param directory where results go; made if missing
   * @param command the command that repeats the run
   * @param start what happens to earlier cells
   * @param limit of the time to measure
   */
  public record Request(
      List<Figure> figures,
      Preset preset,
      String device,
      int threads,
      long seed,
      OpuClock clock,
      Path directory,
      String command,
      Start start,
      TimeLimit limit) {}

  /**
   * What came of it.
   *
   * @param measured number of cells measured by this run
   * @param missing number of cells of the figures that are in no result
   * @param problems one line per cell that was tried and failed, for pictures not drawn, and if
   *     there is no result at all
   * @param files written
   */
  public record Outcome(int measured, int missing, List<String> problems, List<Path> files) {}

  /** What is known before the first measurement. */
  private record Prepared(
      long begin,
      Setup setup,
      Machine machine,
      ResultFile file,
      List<ResultLine> others,
      CellStore store,
      GridPlan plan) {}

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for the plan and for progress, a line per cell
   */
  public Fig4Run(Request request, PrintStream out) {
    this(
        request,
        out,
        new ThisMachine(request.preset(), request.device(), request.threads(), request.seed()));
  }

  Fig4Run(Request request, PrintStream out, Surroundings surroundings) {
    this.request = request;
    this.out = out;
    this.surroundings = surroundings;
  }

  /**
   * Prints what {@link #run} would do. Writes nothing.
   *
   * @throws RunFolderException as {@link #run}
   * @throws IOException if earlier results cannot be read
   */
  public void plan() throws IOException {
    prepared = prepare();
  }

  /**
   * Runs as planned; plans first if that was not done.
   *
   * @return what came of it
   * @throws RunFolderException if the folder holds cells that must neither be continued nor
   *     replaced; nothing is changed
   * @throws IOException if results cannot be written, or earlier ones not be read
   */
  public Outcome run() throws IOException {
    if (prepared == null) {
      plan();
    }
    CellStore store = prepared.store();
    int before = store.cells().size();
    Campaign campaign =
        new Campaign(
            prepared.plan(),
            request.limit(),
            prepared.begin(),
            surroundings,
            prepared.setup().commit(),
            store,
            this::writeLines,
            out);
    campaign.run();
    Account account =
        new Account(
            before,
            campaign,
            Stream.concat(campaign.missing().stream(), prepared.plan().tooLarge().stream())
                .toList(),
            store.commits());
    account.timeLine().ifPresent(line -> out.println("time      " + line));
    return finish(account);
  }

  private Outcome finish(Account account) throws IOException {
    List<ResultLine> lines = Lines.of(prepared.setup(), prepared.store().times());
    List<String> problems = new ArrayList<>(account.failures());
    if (lines.isEmpty()) {
      account.missing().stream()
          .findFirst()
          .ifPresent(first -> problems.add("nothing was measured; " + first.line()));
      return new Outcome(
          account.measured(), account.missing().size(), List.copyOf(problems), List.of());
    }
    writeLines();
    List<Path> files = new ArrayList<>(List.of(prepared.store().path(), prepared.file().path()));
    if (NoPicturesException.drawingIsIn()) {
      try {
        files.addAll(new Fig4Figures(lines, prepared.store().model()).write(request.directory()));
      } catch (NoPicturesException e) {
        // Without fonts there are no pictures, but there are the numbers.
        problems.add("pictures: " + e.getMessage());
      }
    } else {
      out.println(
          "pictures  none, this Java draws none: copy the folder to a machine with the whole of"
              + " Feedlight and run ./feedlight bench draw --out DIR there");
    }
    Path summary = request.directory().resolve("summary.md");
    new Summary(prepared.setup(), lines, account, request.command(), prepared.machine())
        .write(summary, files);
    files.add(summary);
    return new Outcome(account.measured(), account.missing().size(), List.copyOf(problems), files);
  }

  private void writeLines() throws IOException {
    List<ResultLine> lines = new ArrayList<>(prepared.others());
    lines.addAll(Lines.of(prepared.setup(), prepared.store().times()));
    prepared.file().write(lines);
  }

  private Prepared prepare() throws IOException {
    final long begin = surroundings.nanoTime();
    ResultFile file = new ResultFile(request.directory().resolve("results.jsonl"));
    List<ResultLine> others =
        file.linesBeside(line -> Lines.isReplaced(line, request.preset(), request.figures()));
    Machine machine = surroundings.machine();
    Setup setup = setUp();
    CellStore store =
        CellStore.open(
            request.directory(),
            request.preset(),
            Conditions.of(request.preset(), setup.device(), request.seed(), machine));
    long free = surroundings.freeBytes();
    settle(store, setup.commit(), free);
    Rates rates = surroundings.rates();
    out.println("rates     " + rates.line());
    Estimate estimate = new Estimate(request.preset(), rates, setup.device().device());
    GridPlan plan = GridPlan.of(estimate, request.figures(), store.cells(), free);
    plan.lines().forEach(out::println);
    limitLine(plan, (surroundings.nanoTime() - begin) * 1e-9);
    return new Prepared(begin, setup, machine, file, others, store, plan);
  }

  private Setup setUp() {
    try (DeviceChoice choice = DeviceChoice.open(request.device(), request.threads())) {
      out.println("device    " + choice.line());
      return new Setup(
          request.figures(),
          request.preset(),
          request.clock(),
          choice.device().identity(),
          surroundings.commit());
    }
  }

  /** Continues, begins again, or refuses. */
  private void settle(CellStore store, String commit, long free) {
    int batch = request.preset().batch();
    List<Cell> wanted =
        request.preset().cells(request.figures()).stream()
            .filter(cell -> cell.processBytes(batch) <= free)
            .toList();
    Set<Cell> there = store.cells();
    long have = wanted.stream().filter(there::contains).count();
    switch (request.start()) {
      case AFRESH -> {
        if (have > 0 && have < wanted.size()) {
          throw new RunFolderException(
              store.path()
                  + " holds "
                  + have
                  + " of "
                  + wanted.size()
                  + " cells of a run that was not finished: go on with --resume, or take another"
                  + " --out");
        }
        store.forget(wanted);
      }
      case RESUMED -> {
        out.println("resume    " + have + " of " + wanted.size() + " cells are there");
        store
            .commits()
            .forEach(
                (other, count) -> {
                  if (!other.equals(commit)) {
                    out.println(
                        "warning   " + count + " cells are of commit " + other + ", not " + commit);
                  }
                });
      }
    }
  }

  private void limitLine(GridPlan plan, double spent) {
    if (request.limit().isSet()) {
      GridPlan within = plan.within(request.limit(), spent);
      out.println(
          "limit     "
              + Amounts.duration(request.limit().seconds())
              + ": "
              + within.cells()
              + " of "
              + plan.cells()
              + " cells, about "
              + Amounts.duration(within.seconds())
              + "; the others are not measured");
    }
  }
}

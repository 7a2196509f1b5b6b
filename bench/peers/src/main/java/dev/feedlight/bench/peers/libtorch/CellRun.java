package dev.feedlight.bench.peers.libtorch;

import dev.feedlight.bench.peers.PeerCell;
import dev.feedlight.bench.peers.PeerLines;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.step.Spread;
import dev.feedlight.device.Device;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures one cell: proves that all compute the same, finds libtorch's fastest way per rule, then
 * lets ours and libtorch's fastest ways take turns.
 */
final class CellRun {
  /** Changes no weight that anybody could see, so that every step works on the same numbers. */
  private static final float LEARNING_RATE = 1e-6f;

  /** For the JVM to compile our code (ours; longer than {@code bench step} takes per rule). */
  private static final double WARM_UP_SECONDS = 1.5;

  private static final int WARM_UP_STEPS = 5;
  private static final int TRIAL_TURNS = 3;
  private static final double TRIAL_WARM_UP_SECONDS = 0.05;

  /** A way that takes so much longer than the fastest one has no further turn in the trial. */
  private static final double HOPELESS = 1.5;

  /** Of the trials, so many of a rule go on: the trials are too short to tell equals apart. */
  private static final int FINALISTS = 2;

  private static final int LEAST_ROUNDS = 9;
  private static final int MOST_ROUNDS = 31;
  private static final double ROUNDS_SECONDS = 10;

  private static final String OURS = "feedlight ";

  private final Device device;
  private final LibTorch libTorch;
  private final PrintStream out;
  private final long seed;
  private final Waiting waiting;

  CellRun(Device device, LibTorch libTorch, Waiting waiting, long seed, PrintStream out) {
    this.waiting = waiting;
    this.device = device;
    this.libTorch = libTorch;
    this.seed = seed;
    this.out = out;
  }

  /** A way of libtorch's, timed in a trial. */
  private record Trial(PeerStep step, Threads threads, double milliseconds) {}

  /** What one of the rounds' turns gave. */
  private record Entry(Candidate candidate, List<Double> times, Line line) {}

  /** Makes the result line of an entry. */
  private interface Line {
    ResultLine of(Spread spread, int n, String others);
  }

  /**
   * Measures.
   *
   * @return lines of ours, of our bare products and of libtorch's fastest way, per rule
   * @throws IllegalStateException if losses differ
   * @throws IOException if the kernel does not tell what other processes use
   */
  List<ResultLine> measure(PeerCell cell) throws IOException {
    try (OurSteps ours = new OurSteps(device, cell, seed);
        TorchState state = new TorchState(ours.data())) {
      OneDnnLinear linear = new OneDnnLinear();
      List<PeerStep> theirs =
          List.of(
              new ManualStep(Rule.BP, state),
              new AutogradStep(state, AutogradStep.Update.OPTIMIZER),
              new AutogradStep(state, AutogradStep.Update.IN_PLACE),
              new OneDnnStep(Rule.BP, state, linear),
              new ManualStep(Rule.DFA, state),
              new OneDnnStep(Rule.DFA, state, linear));
      compare(cell, ours, theirs);
      List<Trial> trials = trials(cell, theirs);
      return rounds(cell, ours, trials);
    }
  }

  private void compare(PeerCell cell, OurSteps ours, List<PeerStep> theirs) {
    libTorch.use(new Threads(1, device.threads()));
    double largest = 0;
    for (OurSteps.OurStep our : ours.steps()) {
      float[] losses = SameLosses.of(our, cell);
      for (PeerStep step : theirs) {
        if (step.rule() == our.rule()) {
          largest = Math.max(largest, SameLosses.require(losses, step, cell));
        }
      }
    }
    out.printf(Locale.ROOT, "%-12s losses agree to %.1e%n", cell.label(), Math.max(largest, 1e-9));
  }

  private List<Trial> trials(PeerCell cell, List<PeerStep> steps) {
    List<Trial> trials = new ArrayList<>();
    Map<Rule, Double> fastest = new EnumMap<>(Rule.class);
    for (PeerStep step : steps) {
      for (Threads threads : Threads.choices(device.threads())) {
        Candidate candidate = candidate(step, threads);
        candidate.warmUp(1, TRIAL_WARM_UP_SECONDS);
        double best = candidate.turn();
        double limit = HOPELESS * fastest.getOrDefault(step.rule(), Double.POSITIVE_INFINITY);
        for (int i = 1; i < TRIAL_TURNS && best <= limit; i++) {
          best = Math.min(best, candidate.turn());
        }
        fastest.merge(step.rule(), best, Math::min);
        Trial trial = new Trial(step, threads, best);
        trials.add(trial);
        out.printf(
            Locale.ROOT,
            "%-12s trial %-4s %10.3f ms  %s%n",
            cell.label(),
            step.rule(),
            best,
            setting(trial));
      }
    }
    return trials;
  }

  private Candidate candidate(PeerStep step, Threads threads) {
    return new Candidate(
        step.variant(),
        () -> libTorch.use(threads),
        () -> step.run(LEARNING_RATE),
        waiting.restMilliseconds());
  }

  private Candidate ours(String name, Runnable step) {
    return new Candidate(name, () -> {}, step, waiting.restMilliseconds());
  }

  private String setting(Trial trial) {
    return "variant="
        + trial.step.variant()
        + " "
        + trial.threads.label()
        + " waiting="
        + waiting.label();
  }

  private List<ResultLine> rounds(PeerCell cell, OurSteps ours, List<Trial> trials)
      throws IOException {
    PeerLines lines = new PeerLines(cell, device.threads());
    List<Entry> entries = new ArrayList<>();
    for (OurSteps.OurStep our : ours.steps()) {
      Rule rule = our.rule();
      entries.add(
          new Entry(
              ours(OURS + rule, () -> our.run(LEARNING_RATE)),
              new ArrayList<>(),
              (spread, n, others) -> lines.ours(rule, spread, n)));
      trials.stream()
          .filter(trial -> trial.step.rule() == rule)
          .sorted(Comparator.comparingDouble(Trial::milliseconds))
          .limit(FINALISTS)
          .forEach(
              trial ->
                  entries.add(
                      new Entry(
                          candidate(trial.step, trial.threads),
                          new ArrayList<>(),
                          (spread, n, others) ->
                              lines.libTorch(rule, setting(trial) + others, spread, n))));
      entries.add(
          new Entry(
              ours("products " + rule, our::runProducts),
              new ArrayList<>(),
              (spread, n, others) -> lines.products(rule, spread, n)));
    }
    entries.forEach(
        entry ->
            entry.candidate.warmUp(
                WARM_UP_STEPS, entry.candidate.name().startsWith(OURS) ? WARM_UP_SECONDS : 0));
    // One round that is not counted finds out how many steps make a turn.
    entries.forEach(entry -> entry.candidate.turn());
    OtherLoad load = new OtherLoad();
    long start = System.nanoTime();
    for (int round = 0;
        round < LEAST_ROUNDS
            || (round < MOST_ROUNDS && (System.nanoTime() - start) * 1e-9 < ROUNDS_SECONDS);
        round++) {
      entries.forEach(entry -> entry.times.add(entry.candidate.turn()));
    }
    return fastest(entries, String.format(Locale.ROOT, " others=%.0f%%", 100 * load.share()));
  }

  /** Of several ways to do the same, the one with the lowest median. */
  private List<ResultLine> fastest(List<Entry> entries, String others) {
    Map<String, ResultLine> fastest = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Spread spread = Spread.of(entry.times.stream().mapToDouble(Double::doubleValue).toArray());
      ResultLine line = entry.line.of(spread, entry.times.size(), others);
      out.printf(
          Locale.ROOT,
          "%dx%dx%d %s %s %s: %.3f ms (%.3f to %.3f, %d turns) %s%n",
          line.depth(),
          line.width(),
          line.batch(),
          line.experiment(),
          line.implementation(),
          line.rule(),
          line.value(),
          line.low(),
          line.high(),
          line.n(),
          line.setting() == null ? "" : line.setting());
      fastest.merge(
          line.experiment() + line.implementation() + line.rule(),
          line,
          (one, other) -> one.value() <= other.value() ? one : other);
    }
    return List.copyOf(fastest.values());
  }
}

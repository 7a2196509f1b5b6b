package dev.feedlight;

import dev.feedlight.learn.BlockAlignment;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Shows progress: on a terminal a bar with the time left, elsewhere one plain line per epoch and,
 * for runs that are not short, one with the time left; where alignment is measured, one line each
 * time with a number per block, first to last.
 */
public final class ProgressPrinter implements TrainingListener {
  private static final int BAR = 28;
  private static final double REFRESH_SECONDS = 0.1;

  /** Steps and seconds at least that are not timed (ours): code is compiled meanwhile. */
  private static final int WARM_UP_STEPS = 3;

  private static final double WARM_UP_SECONDS = 5;

  /** Steps and seconds that are timed at least, and what is worth a line (ours). */
  private static final int TIMED_STEPS = 5;

  private static final double TIMED_SECONDS = 2;
  private static final double WORTH_SECONDS = 20;

  private final PrintStream out;
  private final boolean terminal;
  private double lastShown = Double.NEGATIVE_INFINITY;
  private double lastLoss = Double.NaN;
  private StepEvent seenFirst;
  private StepEvent timedFrom;
  private boolean estimated;

  /**
   * Creates a printer.
   *
   * @param out where to
   * @param terminal whether a line may be drawn over
   */
  public ProgressPrinter(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void onStep(StepEvent event) {
    lastLoss = Double.isNaN(lastLoss) ? event.loss() : lastLoss + 0.02 * (event.loss() - lastLoss);
    boolean first = event.step() == 1;
    if (!terminal) {
      estimate(event);
    }
    if (!terminal
        || (!first
            && event.step() < event.steps()
            && event.seconds() - lastShown < REFRESH_SECONDS)) {
      return;
    }
    lastShown = event.seconds();
    double done = (double) event.step() / event.steps();
    int filled = (int) Math.round(done * BAR);
    double left = event.seconds() / event.step() * (event.steps() - event.step());
    out.print(
        String.format(
            Locale.ROOT,
            "\r[%s%s] %3.0f %%  epoch %d  loss %.4f  %s left ",
            "=".repeat(filled),
            " ".repeat(BAR - filled),
            100 * done,
            event.epoch(),
            lastLoss,
            duration(left)));
    out.flush();
  }

  /** Once, as soon as steps have been timed for a while. */
  private void estimate(StepEvent event) {
    if (estimated) {
      return;
    }
    if (seenFirst == null) {
      seenFirst = event;
    }
    if (timedFrom == null) {
      if (apart(seenFirst, event, WARM_UP_STEPS, WARM_UP_SECONDS)) {
        timedFrom = event;
      }
    } else if (apart(timedFrom, event, TIMED_STEPS, TIMED_SECONDS)) {
      estimated = true;
      double perStep = (event.seconds() - timedFrom.seconds()) / (event.step() - timedFrom.step());
      double left = perStep * (event.steps() - event.step());
      if (left >= WORTH_SECONDS) {
        out.println("about " + duration(left) + " left, after " + event.step() + " steps");
      }
    }
  }

  private static boolean apart(StepEvent from, StepEvent to, int steps, double seconds) {
    return to.step() - from.step() >= steps && to.seconds() - from.seconds() >= seconds;
  }

  @Override
  public void onEpoch(EpochEvent event) {
    if (terminal) {
      out.print("\r\033[K");
    }
    out.println(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  loss %.4f%s  %.1f s",
            event.epoch(),
            event.epochs(),
            event.meanLoss(),
            heldOut(event.heldOutLoss()),
            event.seconds()));
    lastShown = Double.NEGATIVE_INFINITY;
  }

  private static String heldOut(double loss) {
    return Double.isNaN(loss) ? "" : String.format(Locale.ROOT, "  held out %.4f", loss);
  }

  @Override
  public void onAlignment(AlignmentEvent event) {
    if (terminal) {
      out.print("\r\033[K");
    }
    out.println(
        String.format(
            Locale.ROOT,
            "step %-7d alignment of gradients%s, of weights%s",
            event.step(),
            cosines(event, BlockAlignment::gradientMean),
            cosines(event, BlockAlignment::weight)));
  }

  /** One number per block, a dash where there is none. */
  private static String cosines(AlignmentEvent event, ToDoubleFunction<BlockAlignment> kind) {
    return event.blocks().stream()
        .mapToDouble(kind)
        .mapToObj(
            cosine -> Double.isNaN(cosine) ? " -" : String.format(Locale.ROOT, " %.3f", cosine))
        .collect(Collectors.joining());
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}

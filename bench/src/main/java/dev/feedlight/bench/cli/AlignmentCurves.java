package dev.feedlight.bench.cli;

import dev.feedlight.TrainingListener;
import dev.feedlight.bench.plot.AlignmentFigure;
import dev.feedlight.bench.plot.FigureSheet;
import dev.feedlight.bench.plot.FigureWriter;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.CurveFile;
import dev.feedlight.bench.training.RateSchedule;
import dev.feedlight.device.Device;
import dev.feedlight.learn.BlockAlignment;
import dev.feedlight.learn.LearningRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what a run tells of alignment in {@code curves.jsonl}, while it runs, and draws it at the
 * end. One line per step, block and metric: {@code gradient_alignment} (mean over the batch, low
 * and high one standard deviation away) and {@code signal_norm_ratio} of every block but the last,
 * {@code weight_alignment} where it is defined.
 */
final class AlignmentCurves implements TrainingListener {
  private static final String EXPERIMENT = "alignment";
  private static final double SECONDS_BETWEEN_WRITES = 1;

  private final Path directory;
  private final Run run;
  private final CurveFile file;
  private final String commit = Commit.current();
  private final List<AlignmentEvent> events = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private boolean inParts;
  private long written = System.nanoTime();

  /**
   * What was run.
   *
   * @param model kind of network, as result files call it
   * @param data label of the data set
   * @param network what it looks like
   * @param rule how it is trained
   * @param optimizer of its weights
   * @param rate of the optimizer
   * @param depth hidden layers
   * @param batch examples per step
   * @param rows of these that one measurement is over; a GPT's are tokens
   * @param seed of the run
   * @param device where
   */
  record Run(
      String model,
      String data,
      String network,
      LearningRule rule,
      String optimizer,
      RateSchedule rate,
      int depth,
      int batch,
      long rows,
      long seed,
      Device device) {
    private String conditions(String commit) {
      return String.join(
          " \u00B7 ",
          data,
          network,
          optimizer + " " + rate.text(),
          "batch " + batch,
          "seed " + seed,
          device.name() + ", " + device.threads() + " threads",
          "commit " + commit.replaceFirst("^([0-9a-f]{12})[0-9a-f]+", "$1"));
    }

    private JsonLine line(AlignmentEvent event, BlockAlignment block, String metric) {
      return new JsonLine()
          .put("experiment", EXPERIMENT)
          .put("data", data)
          .put("model", model)
          .put("implementation", "feedlight")
          .put("optimizer", optimizer)
          .put("threads", device.threads())
          .put("rule", rule.name())
          .put("depth", depth)
          .put("batch", batch)
          .put("device", device.name())
          .put("step", event.step())
          .put("block", block.block())
          .put("block_name", block.name())
          .put("metric", metric)
          .put("unit", "1");
    }
  }

  /**
   * Prepares the record; nothing is written yet.
   *
   * @throws IOException if a file of curves is there already and cannot be read
   */
  AlignmentCurves(Path directory, Run run) throws IOException {
    this.directory = directory;
    this.run = run;
    this.file = new CurveFile(directory.resolve("curves.jsonl"));
    // Refused before hours of training, not after.
    file.linesOfOthers(EXPERIMENT);
  }

  /**
   * Keeps what was measured before a run was interrupted. Of a run in parts no picture is drawn.
   *
   * @param step from which the run goes on
   * @throws IOException if the file cannot be read
   */
  void goOn(long step) throws IOException {
    lines.addAll(file.linesBefore(EXPERIMENT, step));
    inParts = true;
  }

  @Override
  public void onAlignment(AlignmentEvent event) {
    events.add(event);
    for (BlockAlignment block : event.blocks()) {
      double mean = block.gradientMean();
      double std = block.gradientStd();
      boolean last = block.equals(event.blocks().getLast());
      if (!last && !Double.isNaN(mean)) {
        add(
            run.line(event, block, "gradient_alignment")
                .put("value", mean)
                .put("low", mean - std)
                .put("high", mean + std)
                .put("n", run.rows()));
      }
      if (!last && !Double.isNaN(block.normRatio())) {
        add(run.line(event, block, "signal_norm_ratio").put("value", block.normRatio()));
      }
      if (!Double.isNaN(block.weight())) {
        add(run.line(event, block, "weight_alignment").put("value", block.weight()));
      }
    }
    if ((System.nanoTime() - written) * 1e-9 > SECONDS_BETWEEN_WRITES) {
      save();
    }
  }

  private void add(JsonLine line) {
    lines.add(line.put("seed", run.seed()).put("commit", commit).toString());
  }

  /** Writes what was measured so far, if anything was. */
  void save() {
    if (events.isEmpty()) {
      return;
    }
    try {
      file.replace(EXPERIMENT, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    written = System.nanoTime();
  }

  /**
   * Draws the curves, unless the run was in parts.
   *
   * @return all files of the record
   * @throws IOException if a picture cannot be written
   * @throws CommandFailedException if this Java cannot draw
   */
  List<Path> draw() throws IOException {
    if (inParts) {
      return List.of(file.path());
    }
    List<Path> files = new ArrayList<>(List.of(file.path()));
    try {
      NoPicturesException.requireDrawing();
      FigureSheet sheet =
          new AlignmentFigure(events)
              .sheet("Alignment over training: rule " + run.rule().name(), run.conditions(commit));
      files.addAll(FigureWriter.write(sheet, directory, EXPERIMENT));
    } catch (NoPicturesException e) {
      throw new CommandFailedException("no picture of the alignment: " + e.getMessage());
    }
    return files;
  }
}

package dev.feedlight.bench.cli;

import dev.feedlight.DfaEngine;
import dev.feedlight.LoadReport;
import dev.feedlight.TrainingListener;
import dev.feedlight.TrainingResult;
import dev.feedlight.bench.results.EventFile;
import dev.feedlight.device.Device;
import dev.feedlight.device.Parameter;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes {@code events.jsonl} of a training run. Numbers that tell whether two runs are the same
 * bits stand there twice, in decimal and as hexadecimal floats. The file is forced to disk before
 * every checkpoint, so that it is never behind one.
 */
final class EventLog implements TrainingListener, AutoCloseable {
  /** The file's name. */
  static final String NAME = "events.jsonl";

  /** Floats that pass through the heap at once (ours). */
  private static final long PIECE = 1 << 18;

  private final Path path;
  private final PrintStream err;
  private EventFile file;
  private DfaEngine engine;
  private long step;
  private boolean failed;

  /**
   * Names the file, which {@link #start} or {@link #resume} opens.
   *
   * @param directory of results
   * @param err told once of a file that cannot be written
   */
  EventLog(Path directory, PrintStream err) {
    this.path = directory.resolve(NAME);
    this.err = err;
  }

  /** Refuses to write over the events of another run. */
  void requireNew() {
    if (Files.exists(path)) {
      throw new UsageException(
          "--out: "
              + path
              + " is there, from another run: give another folder, or --checkpoint and --resume to"
              + " go on with that run");
    }
  }

  private static Map<String, Object> values() {
    return new LinkedHashMap<>();
  }

  private static Map<String, Object> now() {
    Map<String, Object> values = values();
    values.put("time", Instant.now().toString());
    return values;
  }

  /** The first line. */
  void start(DfaEngine started) throws IOException {
    file = EventFile.begin(path);
    engine = started;
    add("start", 0, now());
  }

  /** In place of a first line, where a checkpoint was loaded. */
  void resume(DfaEngine resumed, LoadReport report) throws IOException {
    engine = resumed;
    step = resumed.position().stepsDone();
    file = EventFile.goOn(path, step);
    if (file.lastStep() < step) {
      err.printf(
          Locale.ROOT,
          "warning: %s ends at step %d; the steps up to the checkpoint's %d are not in it%n",
          path,
          file.lastStep(),
          step);
    }
    Map<String, Object> values = now();
    values.put("directory", report.directory().toString());
    if (report.elsewhere() != null) {
      values.put("elsewhere", report.elsewhere());
    }
    add("resume", step, values);
  }

  @Override
  public void onStep(StepEvent event) {
    step = event.step();
    Map<String, Object> values = values();
    values.put("epoch", event.epoch());
    putFloat(values, "loss", event.loss());
    if (!Double.isNaN(event.gradientNorm())) {
      putFloat(values, "gradient_norm", event.gradientNorm());
    }
    putFloat(values, "learning_rate", event.learningRate());
    values.put("seconds", event.seconds());
    add("step", step, values);
  }

  @Override
  public void onEpoch(EpochEvent event) {
    Map<String, Object> values = values();
    values.put("epoch", event.epoch());
    putDouble(values, "mean_loss", event.meanLoss());
    if (!Double.isNaN(event.heldOutLoss())) {
      putDouble(values, "held_out_loss", event.heldOutLoss());
    }
    values.put("seconds", event.seconds());
    Map<String, Object> norms = values();
    for (Parameter parameter : engine.network().parameters()) {
      Map<String, Object> norm = values();
      putDouble(norm, "norm", norm(engine.device(), parameter.value()));
      norms.put(parameter.name(), norm);
    }
    values.put("weight_norms", norms);
    add("epoch", step, values);
    flush();
  }

  /** Root of the sum of squares, added up in double precision in the order of the elements. */
  static double norm(Device device, Tensor tensor) {
    double sum = 0;
    long rows = Math.max(1, PIECE / tensor.columns());
    for (long row = 0; row < tensor.rows(); row += rows) {
      Tensor piece = tensor.rowRange(row, Math.min(rows, tensor.rows() - row));
      float[] values = new float[piece.shape().arrayLength()];
      device.read(piece, values);
      for (float value : values) {
        sum += (double) value * value;
      }
    }
    return Math.sqrt(sum);
  }

  @Override
  public void beforeCheckpoint(long at) {
    attempt(file::force);
  }

  @Override
  public void onCheckpoint(CheckpointEvent event) {
    Map<String, Object> values = values();
    if (event.failure() == null) {
      values.put("directory", event.directory().toString());
    } else {
      values.put("failure", event.failure().getMessage());
    }
    add("checkpoint", event.step(), values);
    flush();
  }

  /** The run was interrupted and can go on. */
  void stop() {
    add("stop", step, now());
    flush();
  }

  /** The run has ended. */
  void end(TrainingResult trained, Map<String, Double> measured) {
    Map<String, Object> values = now();
    values.put("ended", TrainLines.name(trained.ending()));
    measured.forEach((name, value) -> putDouble(values, name, value));
    add("end", step, values);
    flush();
  }

  /** The run has failed. */
  void failure(Throwable cause) {
    Map<String, Object> values = now();
    values.put("failure", cause.getClass().getSimpleName() + ": " + cause.getMessage());
    add("failure", step, values);
    flush();
  }

  private static void putFloat(Map<String, Object> values, String key, double value) {
    put(values, key, value, (float) value, Float.toHexString((float) value));
  }

  private static void putDouble(Map<String, Object> values, String key, double value) {
    put(values, key, value, value, Double.toHexString(value));
  }

  /** JSON has no NaN and no infinities: of those there is the hexadecimal form alone. */
  private static void put(
      Map<String, Object> values, String key, double value, Object decimal, String hex) {
    if (Double.isFinite(value)) {
      values.put(key, decimal);
    }
    values.put(key + "_hex", hex);
  }

  private void add(String event, long at, Map<String, Object> values) {
    attempt(() -> file.add(event, at, values));
  }

  private void flush() {
    attempt(file::flush);
  }

  /** Something that writes. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  /** A run of hours does not end because a disk is full for a while; the user is told once. */
  private void attempt(Writing writing) {
    try {
      writing.run();
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        err.println("warning: " + path + " cannot be written for now: " + e.getMessage());
      }
      failed = true;
    }
  }

  Path path() {
    return path;
  }

  /** Fails if lines are lost. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}

package dev.feedlight;

import dev.feedlight.device.Device;
import dev.feedlight.device.Parameter;
import dev.feedlight.io.Checkpoint;
import dev.feedlight.io.CheckpointException;
import dev.feedlight.io.CheckpointFolder;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.Json;
import dev.feedlight.io.RecordTree;
import dev.feedlight.io.SafetensorsFile;
import dev.feedlight.io.SafetensorsWriter;
import dev.feedlight.io.TensorInfo;
import dev.feedlight.opu.FrameLog;
import dev.feedlight.tensor.DType;
import dev.feedlight.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an engine writes into a checkpoint, and how it takes it back; see docs/file-format.md. */
final class EngineCheckpoint {
  static final String WEIGHTS = "weights.safetensors";
  static final String OPTIMIZER = "optimizer.safetensors";
  static final String OPTICS = "optics.safetensors";
  static final String STATE = "state.json";

  private static final String FORMAT = "feedlight-engine-state";
  private static final long VERSION = 1;
  private static final String PIXELS = "selected_pixels";
  private static final String MATRIX = "matrix_origin";

  private static final String THEN = "when it was written";
  private static final String NOW = "now";

  /** Steps at which two schedules are compared (ours), of a run of SCHEDULE_LENGTH steps. */
  private static final List<Long> SCHEDULE_SAMPLES =
      List.of(0L, 1L, 10L, 100L, 1000L, 5000L, 9999L);

  private static final long SCHEDULE_LENGTH = 10_000;

  /** Most bytes of the state that are read (ours; it has a few kilobytes). */
  private static final long STATE_LIMIT = 1 << 20;

  /** Checkpoints that may vanish while one is loaded (ours). */
  private static final int ATTEMPTS = 10;

  /** Differences that a message lists (ours). */
  private static final int LISTED = 8;

  private EngineCheckpoint() {}

  static Path save(DfaEngine engine, CheckpointFolder folder) {
    int[] pixels = engine.step().selectedPixels();
    Map<String, Object> state = state(engine);
    return folder.save(
        engine.stepsDone(),
        identity(engine.device()),
        files -> {
          files.add(WEIGHTS, to -> write(to, engine, values(engine)));
          Map<String, Tensor> slots = slots(engine);
          if (!slots.isEmpty()) {
            files.add(OPTIMIZER, to -> write(to, engine, slots));
          }
          if (pixels != null) {
            files.add(OPTICS, to -> writePixels(to, pixels));
          }
          files.add(STATE, Json.writeObject(state));
        });
  }

  private static void write(
      WritableByteChannel channel, DfaEngine engine, Map<String, Tensor> tensors)
      throws IOException {
    TensorFiles.write(channel, engine.device(), tensors, Map.of());
  }

  private static void writePixels(WritableByteChannel channel, int[] pixels) throws IOException {
    SafetensorsWriter writer =
        new SafetensorsWriter(
            channel, List.of(TensorInfo.vector(PIXELS, DType.S32, pixels.length)), Map.of());
    writer.write(PIXELS, pixels, 0, pixels.length);
    writer.finish();
  }

  private static Map<String, Tensor> values(DfaEngine engine) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    engine.network().parameters().forEach(one -> tensors.put(one.name(), one.value()));
    return tensors;
  }

  private static Map<String, Tensor> slots(DfaEngine engine) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : engine.network().parameters()) {
      for (int slot = 0; slot < parameter.state().size(); slot++) {
        tensors.put(parameter.name() + ".state" + slot, parameter.state().get(slot));
      }
    }
    return tensors;
  }

  /** What the last bits depend on besides the settings. */
  private static Map<String, Object> identity(Device device) {
    Map<String, Object> identity = new LinkedHashMap<>();
    String version = DfaEngine.class.getPackage().getImplementationVersion();
    identity.put("feedlight", version == null ? "not from a jar" : version);
    identity.put("jdk", System.getProperty("java.runtime.version"));
    identity.put("device", RecordTree.of(device.identity()));
    return identity;
  }

  private static Map<String, Object> configuration(DfaEngine engine) {
    Map<String, Object> configuration = new LinkedHashMap<>(engine.configuration());
    configuration.put(
        "learning_rates",
        SCHEDULE_SAMPLES.stream()
            .map(step -> (Object) Float.toString(engine.schedule().at(step, SCHEDULE_LENGTH)))
            .toList());
    return configuration;
  }

  private static Map<String, Object> state(DfaEngine engine) {
    DfaEngine.Counters counters = engine.counters();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("format", FORMAT);
    state.put("version", VERSION);
    state.put("configuration", configuration(engine));
    state.put("steps_done", counters.stepsDone());
    state.put("epochs_done", counters.epochsDone());
    state.put("frames", counters.frames() == null ? null : frames(counters.frames()));
    state.put("run", counters.run() == null ? null : run(counters.run()));
    state.put(MATRIX, RecordTree.of(engine.matrixOrigin()));
    return state;
  }

  private static Map<String, Object> frames(FrameLog.Counts counts) {
    Map<String, Object> frames = new LinkedHashMap<>();
    frames.put("projections", counts.projections());
    frames.put("calibrations", counts.calibrations());
    frames.put("raw_frames", counts.rawFrames());
    frames.put("entries", counts.entries());
    frames.put("positive", counts.positive());
    frames.put("negative", counts.negative());
    return frames;
  }

  private static Map<String, Object> run(TrainingRun.Progress progress) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("epochs", (long) progress.epochs());
    run.put("steps", progress.steps());
    run.put("examples", progress.examples());
    run.put("data_sha256", progress.data());
    run.put("epochs_done", (long) progress.epochsDone());
    run.put("steps_in_epoch", progress.stepsInEpoch());
    run.put("loss_sum", hex(progress.lossSum()));
    run.put("mean_loss", hex(progress.meanLoss()));
    run.put("seconds", hex(progress.seconds()));
    run.put("modelled_seconds_before", hex(progress.modelledBefore()));
    run.put("best_held_out_loss", hex(progress.best()));
    run.put("epochs_since_best", (long) progress.epochsSinceBest());
    return run;
  }

  private static String hex(double value) {
    return Double.toHexString(value);
  }

  static LoadReport load(DfaEngine engine, Path from) {
    for (int attempt = 1; ; attempt++) {
      CheckpointFolder.Search search = CheckpointFolder.search(from);
      Checkpoint found = search.newest().orElseThrow(() -> nothingIn(from, search.skipped()));
      try {
        List<String> elsewhere = new ArrayList<>(take(engine, found));
        elsewhere.addAll(elsewhere(found, engine.device()));
        return new LoadReport(
            found.directory(),
            found.step(),
            search.skipped(),
            elsewhere.isEmpty() ? null : String.join("; ", elsewhere));
      } catch (FormatException e) {
        throw new CheckpointException("checkpoint " + found.directory() + ": " + e.getMessage(), e);
      } catch (NoSuchFileException e) {
        // A training run deleted it after it was found, and there is a newer one. All files are
        // open before anything changes, so nothing has.
        if (attempt == ATTEMPTS || Files.exists(found.directory())) {
          throw unread(found, e);
        }
      } catch (IOException e) {
        throw unread(found, e);
      }
    }
  }

  private static CheckpointException unread(Checkpoint checkpoint, IOException cause) {
    return new CheckpointException(
        "checkpoint "
            + checkpoint.directory()
            + " could not be read to its end ("
            + cause
            + "); the engine may hold a part of it: load again",
        cause);
  }

  private static CheckpointException nothingIn(
      Path folder, List<CheckpointFolder.Skipped> skipped) {
    StringBuilder message = new StringBuilder("no valid checkpoint in ").append(folder);
    skipped.forEach(one -> message.append("; ").append(one.reason()));
    return new CheckpointException(message.toString());
  }

  private static List<String> elsewhere(Checkpoint checkpoint, Device device) {
    Map<String, Object> now = identity(device);
    Map<String, Object> then = new LinkedHashMap<>(checkpoint.manifest());
    then.keySet().retainAll(now.keySet());
    return RecordTree.differences(then, now, THEN, NOW);
  }

  /** Returns what of the optics differs without changing them. */
  private static List<String> take(DfaEngine engine, Checkpoint checkpoint) throws IOException {
    StateReader state = readState(checkpoint.file(STATE));
    state.require("format", FORMAT);
    state.require("version", VERSION);
    requireSame(engine, checkpoint, state.object("configuration").values());
    DfaEngine.Counters counters = counters(state, engine);
    requirePixels(engine, checkpoint);
    List<String> elsewhere = requireMatrix(engine, checkpoint, state.values().get(MATRIX));
    Map<String, Tensor> values = values(engine);
    Map<String, Tensor> slots = slots(engine);
    try (SafetensorsFile weights = SafetensorsFile.open(checkpoint.file(WEIGHTS));
        SafetensorsFile optimizer =
            slots.isEmpty() ? null : SafetensorsFile.open(checkpoint.file(OPTIMIZER))) {
      requireFits(checkpoint, WEIGHTS, weights, values);
      if (optimizer != null) {
        requireFits(checkpoint, OPTIMIZER, optimizer, slots);
      }
      TensorFiles.read(weights, engine.device(), values);
      if (optimizer != null) {
        TensorFiles.read(optimizer, engine.device(), slots);
      }
    }
    engine.restore(counters);
    return elsewhere;
  }

  private static StateReader readState(Path file) throws IOException {
    long bytes = Files.size(file);
    if (bytes > STATE_LIMIT) {
      throw new FormatException(
          file.toString(), "has " + bytes + " bytes, more than the " + STATE_LIMIT + " read");
    }
    return new StateReader(Json.readObject(Files.readAllBytes(file), file.toString()), file);
  }

  private static void requireSame(
      DfaEngine engine, Checkpoint checkpoint, Map<String, Object> written) {
    List<String> differences =
        RecordTree.differences(
            written, configuration(engine), "in the checkpoint", "in this engine");
    if (!differences.isEmpty()) {
      throw misfit(
          checkpoint,
          "was written with other settings: "
              + listed(differences)
              + ". To go on with other settings, load "
              + WEIGHTS
              + " alone");
    }
  }

  private static void requireFits(
      Checkpoint checkpoint, String file, SafetensorsFile open, Map<String, Tensor> tensors) {
    Map<String, TensorInfo> wanted = TensorFiles.infos(tensors);
    List<String> misfits =
        TensorFiles.misfits(open, wanted, found -> found.equals(wanted.get(found.name())));
    if (!misfits.isEmpty()) {
      throw misfit(checkpoint, "does not fit this engine: " + file + ": " + listed(misfits));
    }
  }

  private static CheckpointException misfit(Checkpoint checkpoint, String what) {
    return new CheckpointException("checkpoint " + checkpoint.directory() + " " + what);
  }

  /** The first of many findings, for a message. */
  static String listed(List<String> all) {
    String first = String.join("; ", all.subList(0, Math.min(LISTED, all.size())));
    return all.size() <= LISTED ? first : first + "; and " + (all.size() - LISTED) + " more";
  }

  private static void requirePixels(DfaEngine engine, Checkpoint checkpoint) throws IOException {
    int[] pixels = engine.step().selectedPixels();
    if (pixels == null) {
      return;
    }
    try (SafetensorsFile optics = SafetensorsFile.open(checkpoint.file(OPTICS))) {
      long count = optics.tensor(PIXELS).elements();
      if (count != pixels.length) {
        throw misfit(
            checkpoint,
            "was trained with " + count + " selected pixels of the camera, not " + pixels.length);
      }
      int[] written = new int[pixels.length];
      optics.read(PIXELS, 0, written);
      int at = Arrays.mismatch(written, pixels);
      if (at >= 0) {
        throw misfit(
            checkpoint,
            "was trained with other pixels of the camera: the first that differs of "
                + pixels.length
                + " is number "
                + at);
      }
    }
  }

  /**
   * The matrix of a vendor's library must have the same entries; another version of the library
   * that makes these is told of.
   *
   * @param written origin of the checkpoint's; null for kinds that the seed decides
   * @return a line if the version differs
   */
  private static List<String> requireMatrix(
      DfaEngine engine, Checkpoint checkpoint, Object written) {
    List<String> differences =
        RecordTree.differences(written, RecordTree.of(engine.matrixOrigin()), THEN, NOW).stream()
            .map(line -> MATRIX + (line.startsWith(" ") ? "" : ".") + line)
            .toList();
    String version = MATRIX + ".generator.version ";
    if (!differences.stream().allMatch(line -> line.startsWith(version))) {
      throw misfit(
          checkpoint, "was trained with another transmission matrix: " + listed(differences));
    }
    return differences;
  }

  private static DfaEngine.Counters counters(StateReader state, DfaEngine engine) {
    long stepsDone = state.count("steps_done");
    state.requireAtMost("steps_done", Long.MAX_VALUE / engine.step().batch());
    boolean optics = engine.frameLog() != null;
    if (optics == state.isNull("frames")) {
      throw state.wrong("frames", optics ? "an object" : "null, as the rule has no optics");
    }
    return new DfaEngine.Counters(
        stepsDone,
        state.count("epochs_done"),
        optics ? frames(state.object("frames")) : null,
        state.isNull("run") ? null : run(state.object("run"), engine.batch()));
  }

  private static FrameLog.Counts frames(StateReader frames) {
    return new FrameLog.Counts(
        frames.count("projections"),
        frames.count("calibrations"),
        frames.count("raw_frames"),
        frames.count("entries"),
        frames.count("positive"),
        frames.count("negative"));
  }

  private static TrainingRun.Progress run(StateReader run, long batch) {
    long perEpoch = run.count("examples") / batch;
    run.requireAtMost("epochs", perEpoch == 0 ? 0 : Long.MAX_VALUE / perEpoch);
    run.requireAtMost("epochs_done", run.count("epochs"));
    run.requireAtMost("steps_in_epoch", perEpoch);
    long whole = perEpoch * run.count("epochs");
    // Of a version in which a run was whole epochs.
    boolean unlimited = !run.values().containsKey("steps");
    if (!unlimited) {
      run.requireAtMost("steps", whole);
    }
    return new TrainingRun.Progress(
        run.smallCount("epochs"),
        unlimited ? whole : run.count("steps"),
        run.count("examples"),
        run.isNull("data_sha256") ? null : run.text("data_sha256"),
        run.smallCount("epochs_done"),
        run.count("steps_in_epoch"),
        run.hex("loss_sum"),
        run.hex("mean_loss"),
        run.hex("seconds"),
        run.hex("modelled_seconds_before"),
        run.hex("best_held_out_loss"),
        run.smallCount("epochs_since_best"));
  }
}

package dev.feedlight.bench.optics;

import dev.feedlight.bench.device.DeviceChoice;
import dev.feedlight.bench.plot.NoPicturesException;
import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.SummaryWriter;
import dev.feedlight.device.Machine;
import dev.feedlight.io.AtomicFile;
import dev.feedlight.opu.OpuSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** Takes a frame of speckle and writes it, its histogram and {@code summary.md}. */
public final class SpeckleRun {
  private final Request request;
  private final PrintStream out;

  /**
   * What is asked for.
   *
   * @param settings the unit
   * @param description of it, in one line
   * @param width pixels per row
   * @param height rows
   * @param inputs mirrors of the pattern
   * @param lit mirrors that are lit, 1 to {@code inputs}
   * @param seed of medium, defects, noise and pattern
   * @param device as on the command line
   * @param threads as for {@link DeviceChoice#open}
   * @param directory where results go; made if missing
   * @param command the command that repeats the run
   */
  public record Request(
      OpuSettings settings,
      String description,
      int width,
      int height,
      int inputs,
      int lit,
      long seed,
      String device,
      int threads,
      Path directory,
      String command) {}

  /**
   * What came of it.
   *
   * @param values named as in JSON
   * @param problems why a picture could not be drawn; else empty
   * @param files written
   */
  public record Outcome(Map<String, Object> values, List<String> problems, List<Path> files) {}

  /**
   * Prepares a run.
   *
   * @param request what is asked for
   * @param out for the report
   */
  public SpeckleRun(Request request, PrintStream out) {
    this.request = request;
    this.out = out;
  }

  /**
   * Runs.
   *
   * @return what came of it
   * @throws IOException if files cannot be written
   */
  public Outcome run() throws IOException {
    String device;
    String deviceLine;
    SpeckleFrame frame;
    try (DeviceChoice choice = DeviceChoice.open(request.device, request.threads)) {
      device = choice.device().name();
      deviceLine = choice.line();
      frame =
          SpeckleFrame.take(
              choice.device(),
              request.settings,
              request.width,
              request.height,
              request.inputs,
              request.lit,
              request.seed);
    }
    SpeckleStatistics statistics = SpeckleStatistics.of(frame);
    String report = report(frame, statistics);
    out.println("device      " + deviceLine);
    out.print(report);
    List<Path> files = new ArrayList<>();
    files.add(request.directory.resolve("speckle.png"));
    AtomicFile.write(files.getFirst(), png(frame));
    List<String> problems = new ArrayList<>();
    // Without fonts there is no histogram, but there are the frame and the numbers.
    try {
      files.addAll(
          new SpeckleFigure(frame, statistics, request.description).write(request.directory));
    } catch (NoPicturesException e) {
      problems.add("histogram: " + e.getMessage());
    }
    files.add(request.directory.resolve("summary.md"));
    AtomicFile.write(files.getLast(), summary(report, files).getBytes(StandardCharsets.UTF_8));
    return new Outcome(values(device, frame, statistics), problems, files);
  }

  private byte[] png(SpeckleFrame frame) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(frame.image(request.settings.camera().bits()), "png", bytes)) {
      throw new IOException("this Java runtime cannot write PNG files");
    }
    return bytes.toByteArray();
  }

  private String report(SpeckleFrame frame, SpeckleStatistics statistics) {
    SpeckleLaw law = statistics.law();
    return String.format(
        Locale.ROOT,
        """
        unit        %s
        frame       %,d x %,d pixels, %,d of %,d mirrors lit, %,d hot and %,d dead pixels
        mean        %.2f counts above the dark offset (law: %.2f before it is cut off)
        contrast    %.4f, expected %.4f with a standard error of %.4f: %.1f errors apart
        saturated   %.3f %%, expected %.3f %%
        """,
        request.description,
        frame.width(),
        frame.height(),
        frame.lit(),
        frame.inputs(),
        frame.calibration().hotPixels(),
        frame.calibration().deadPixels(),
        statistics.mean(),
        law.mean(),
        statistics.contrast(),
        law.contrast(),
        statistics.error(),
        statistics.deviation(),
        100 * statistics.saturated(),
        100 * law.saturated());
  }

  private String summary(String report, List<Path> files) {
    List<String> pictures =
        files.stream()
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".png"))
            .toList();
    return new SummaryWriter(
                "A frame of speckle",
                request.command,
                Machine.detect(),
                Commit.current(),
                Instant.now(),
                pictures)
            .markdown(List.of())
        + "```\n"
        + report
        + """
        ```

        - Contrast is the standard deviation over the mean. The exponential law of speckle from many\
         mirrors has contrast 1; rounding, full scale and camera noise change what is expected of a\
         camera. The law's mean is the one that makes the frame most likely.
        - The standard error is that of independent pixels, which the emulated ones are: a grain of\
         speckle is one pixel.
        - Hot and dead pixels follow no law and are not in what is expected. Nor is the table of bytes\
         that the medium's entries come from: the contrast of a single mirror is 0.98, of many 1.
        - The frame is exposed by itself; black is 0 in the picture, white full scale.
        """;
  }

  private Map<String, Object> values(
      String device, SpeckleFrame frame, SpeckleStatistics statistics) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("seed", request.seed);
    values.put("device", device);
    values.put("optics", request.description);
    values.put("inputs", frame.inputs());
    values.put("lit", frame.lit());
    values.put("width", frame.width());
    values.put("height", frame.height());
    values.put("mean_counts", statistics.mean());
    values.put("law_mean_counts", statistics.law().mean());
    values.put("contrast", statistics.contrast());
    values.put("contrast_expected", statistics.law().contrast());
    values.put("contrast_standard_error", statistics.error());
    values.put("saturated_share", statistics.saturated());
    values.put("saturated_share_expected", statistics.law().saturated());
    values.put("hot_pixels", frame.calibration().hotPixels());
    values.put("dead_pixels", frame.calibration().deadPixels());
    values.put("commit", Commit.current());
    return values;
  }
}

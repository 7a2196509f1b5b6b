package dev.feedlight.bench.cli;

import dev.feedlight.data.climate.ClimateData;
import dev.feedlight.data.climate.ClimateTask;
import dev.feedlight.data.climate.NorthAmerica;
import dev.feedlight.data.climate.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which scenarios of the climate are learned from and measured on. */
final class ClimateOptions {
  /** Scenarios of a folder, as {@code --data} calls them. */
  static final String CLIMATE = "climate";

  /** Those in the jar. */
  static final String NORTH_AMERICA = "north-america";

  static final String DIRECTORY = "--data-dir";
  static final String TASK = "--task";
  private static final String TARGET = "--target";
  private static final String HISTORICAL = "--historical";
  private static final String WINDOW = "--window";
  static final String HOLD_BACK = "--hold-back";

  /** Options without effect on data that are no climate. */
  static final List<String> NAMES = List.of(DIRECTORY, TASK, HISTORICAL, TARGET, WINDOW, HOLD_BACK);

  private static final Pattern YEARS = Pattern.compile("([^:]+):(\\d{1,5})-(\\d{1,5})");

  @Option(
      names = DIRECTORY,
      paramLabel = "DIR",
      description =
          "Folder with inputs_NAME.nc and outputs_NAME.nc of every scenario; feedlight data fetch"
              + " climatebench makes one.")
  private Path directory;

  @Option(
      names = TASK,
      paramLabel = "NAME",
      defaultValue = "ssp370",
      description =
          "Scenarios: ssp370, learn from ssp126 and ssp585, measure on ssp370; climatebench, learn"
              + " from ssp126, ssp370 and ssp585, measure on ssp245. Default: ${DEFAULT-VALUE}.")
  private String task;

  @Option(
      names = HISTORICAL,
      description =
          "Learn from inputs_historical.nc and outputs_historical.nc of the folder too: 1850 to"
              + " 2014.")
  private boolean historical;

  @Option(
      names = TARGET,
      paramLabel = "NAME",
      defaultValue = "tas",
      description =
          "What is predicted: tas, temperature; pr, precipitation; dtr, diurnal temperature range;"
              + " pr90, 90th percentile of daily precipitation. Default: ${DEFAULT-VALUE}.")
  private String target;

  @Option(
      names = WINDOW,
      paramLabel = "YEARS",
      defaultValue = "1",
      description =
          "Years of forcings in an input: the year itself and those before it. Default:"
              + " ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = HOLD_BACK,
      paramLabel = "NAME:FIRST-LAST",
      description =
          "Do not learn from these years of a training scenario, and measure on them instead of the"
              + " test scenario: to choose settings by. For example ssp585:2050-2069.")
  private String heldBack;

  /** Whether a folder was given. */
  boolean hasFolder() {
    return directory != null;
  }

  /** Reads what {@code --data} names. */
  ClimateData load(CommandSpec spec, String data) {
    Target predicted = Arguments.constant(TARGET, Target.class, target);
    ClimateData whole = data.equals(CLIMATE) ? folder(predicted) : northAmerica(spec, predicted);
    if (heldBack == null) {
      return whole;
    }
    Matcher years = YEARS.matcher(heldBack);
    if (!years.matches()) {
      throw new UsageException(
          HOLD_BACK + " must be NAME:FIRST-LAST, as in ssp585:2050-2069, not " + heldBack);
    }
    return whole.holdBack(
        years.group(1), Integer.parseInt(years.group(2)), Integer.parseInt(years.group(3)) + 1);
  }

  private ClimateData folder(Target predicted) {
    Arguments.oneOf(TASK, List.of("ssp370", "climatebench"), task);
    Arguments.atLeast(WINDOW, 1, window);
    if (directory == null) {
      throw new UsageException("--data climate needs a folder of scenarios: give " + DIRECTORY);
    }
    ClimateTask scenarios =
        task.equals("ssp370") ? ClimateTask.ssp370() : ClimateTask.climateBench();
    ClimateTask chosen = scenarios.with(predicted, window);
    return ClimateData.load(directory, historical ? chosen.withHistorical() : chosen);
  }

  private static ClimateData northAmerica(CommandSpec spec, Target predicted) {
    Arguments.refuse(
        spec,
        "with --data north-america, which is in the jar",
        List.of(DIRECTORY, TASK, HISTORICAL, WINDOW));
    if (predicted != Target.TAS) {
      throw new UsageException(
          "--data north-america has temperatures alone, no "
              + predicted.variable()
              + ": leave --target out, or give --data climate with --data-dir");
    }
    return NorthAmerica.embedded();
  }

  /** A name for results. */
  String label(String data) {
    String name = data.equals(CLIMATE) ? CLIMATE + " " + task : data;
    return name
        + (historical ? " and historical" : "")
        + (target.equals(Arguments.word(Target.TAS)) ? "" : ", " + target)
        + (window == 1 ? "" : ", " + window + " years")
        + (heldBack == null ? "" : ", " + heldBack + " held back");
  }

  /** The options as they were given, for the command line that repeats a run. */
  List<String> words(String data) {
    List<String> words = new ArrayList<>(List.of("--data", data));
    if (data.equals(CLIMATE)) {
      words.addAll(List.of(DIRECTORY, directory.toString(), TASK, task));
      words.addAll(List.of(TARGET, target, WINDOW, String.valueOf(window)));
    }
    if (historical) {
      words.add(HISTORICAL);
    }
    if (heldBack != null) {
      words.addAll(List.of(HOLD_BACK, heldBack));
    }
    return words;
  }
}

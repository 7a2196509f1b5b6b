package dev.feedlight.data.climate;

import dev.feedlight.data.DataException;
import dev.feedlight.data.MissingFilesException;
import dev.feedlight.data.netcdf.NetcdfDimension;
import dev.feedlight.data.netcdf.NetcdfException;
import dev.feedlight.data.netcdf.NetcdfFile;
import dev.feedlight.data.netcdf.NetcdfVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A folder in the layout of ClimateBench: {@code inputs_NAME.nc} with the forcings and {@code
 * outputs_NAME.nc} with the targets of every scenario, packed with gzip or not. Dimensions are told
 * by their names: time; latitude or lat; longitude or lon; for targets, member in front. Of the
 * years that only one of the two files has, nothing is used.
 */
public final class ScenarioFiles {
  private static final String INPUTS = "inputs_";
  private static final String OUTPUTS = "outputs_";

  private final Path folder;

  /**
   * Names a folder; nothing is read yet.
   *
   * @param folder with the files
   */
  public ScenarioFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Scenarios whose targets are in one unit.
   *
   * @param all in the order that was asked for
   * @param unitNote which unit the files were taken to have, and why; empty for temperatures, which
   *     are read in kelvins
   */
  public record Scenarios(List<Scenario> all, Optional<String> unitNote) {}

  /**
   * Reads scenarios with their targets.
   *
   * @param names for example {@code ssp126}, at least one
   * @param target what is predicted; the mean over the members of the ensemble is taken
   * @return years that both files of a scenario have, in the unit of the target
   * @throws MissingFilesException if a file is missing
   * @throws DataException if a variable or year is missing, the grids differ, a value is missing,
   *     or files are in different units
   */
  public Scenarios read(List<String> names, Target target) {
    List<Scenario> all = new ArrayList<>();
    List<PrecipitationUnit.Evidence> units = new ArrayList<>();
    for (String name : names) {
      all.add(read(name, target, units));
    }
    if (units.isEmpty()) {
      return new Scenarios(all, Optional.empty());
    }
    PrecipitationUnit unit = PrecipitationUnit.of(units);
    // Nobody else has these maps yet.
    all.forEach(scenario -> unit.toMillimetres(scenario.target()));
    return new Scenarios(all, Optional.of(unit.note(target, units)));
  }

  /** A scenario as it is stored; what there is to tell its unit by is added to a list. */
  private Scenario read(String name, Target target, List<PrecipitationUnit.Evidence> units) {
    Scenario forcings = readForcings(name);
    try (NetcdfFile file = NetcdfFile.open(file(OUTPUTS, name))) {
      Axes axes = Axes.of(file);
      forcings.grid().requireSame(axes.grid(), file(INPUTS, name).toString(), file.name());
      int first = Math.max(forcings.firstYear(), axes.firstYear());
      int end = Math.min(forcings.endYear(), axes.firstYear() + axes.years());
      if (first >= end) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s has the years %d to %d, %s %d to %d: none is in both",
                file(INPUTS, name),
                forcings.firstYear(),
                forcings.endYear() - 1,
                file.name(),
                axes.firstYear(),
                axes.firstYear() + axes.years() - 1));
      }
      NetcdfVariable variable = file.variable(target.variable());
      double[] maps = ensembleMean(variable, axes);
      int cells = axes.grid().cells();
      boolean whole = end - first == axes.years();
      double[] used =
          whole
              ? maps
              : Arrays.copyOfRange(
                  maps, (first - axes.firstYear()) * cells, (end - axes.firstYear()) * cells);
      if (target.quantity() == Quantity.PRECIPITATION) {
        units.add(PrecipitationUnit.Evidence.of(variable, used));
      }
      // Where the two grids differ a little, it is the target that is measured.
      return new Scenario(
          name, axes.grid(), first, end - first, forcings.between(first, end).forcings(), used);
    }
  }

  /**
   * Reads the forcings of a scenario alone.
   *
   * @param name for example {@code ssp245}
   * @return without target
   * @throws MissingFilesException if the file is missing
   * @throws DataException if a variable or a value is missing
   */
  public Scenario readForcings(String name) {
    try (NetcdfFile file = NetcdfFile.open(file(INPUTS, name))) {
      Axes axes = Axes.of(file);
      Map<Forcing, double[]> forcings = new LinkedHashMap<>();
      for (Forcing forcing : Forcing.CLIMATE_BENCH) {
        NetcdfVariable variable = file.variable(forcing.name());
        axes.requireShape(variable, forcing.isMap());
        forcings.put(forcing, complete(variable, variable.doubles()));
      }
      return new Scenario(name, axes.grid(), axes.firstYear(), axes.years(), forcings, null);
    }
  }

  /**
   * Reads the temperatures of a scenario without its forcings.
   *
   * @param name for example {@code ssp126}
   * @return years x cells, the mean over the members
   * @throws MissingFilesException if the file is missing
   * @throws DataException if the variable or a value is missing
   */
  double[] readTemperature(String name) {
    try (NetcdfFile file = NetcdfFile.open(file(OUTPUTS, name))) {
      return ensembleMean(file.variable(Target.TAS.variable()), Axes.of(file));
    }
  }

  private Path file(String kind, String name) {
    Path plain = folder.resolve(kind + name + ".nc");
    Path packed = folder.resolve(kind + name + ".nc.gz");
    if (Files.isRegularFile(plain)) {
      return plain;
    }
    if (Files.isRegularFile(packed)) {
      return packed;
    }
    throw new MissingFilesException(
        folder
            + " has no "
            + plain.getFileName()
            + " (nor .gz): feedlight data fetch climatebench makes such a folder"
            + " (https://doi.org/10.5281/zenodo.5196512)");
  }

  /** The mean over members, which are the slowest dimension where there is one. */
  private static double[] ensembleMean(NetcdfVariable variable, Axes axes) {
    List<NetcdfDimension> dimensions = variable.dimensions();
    int members = 1;
    if (dimensions.size() == 4 && dimensions.getFirst().name().equals("member")) {
      members = Math.toIntExact(dimensions.getFirst().length());
      dimensions = dimensions.subList(1, 4);
    }
    axes.requireShape(variable, dimensions, true);
    if (members < 1) {
      throw new NetcdfException(variable.where() + " has no member");
    }
    double[] all = complete(variable, variable.doubles());
    if (members == 1) {
      return all;
    }
    double[] mean = new double[all.length / members];
    for (int member = 0; member < members; member++) {
      int from = member * mean.length;
      for (int i = 0; i < mean.length; i++) {
        mean[i] += all[from + i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= members;
    }
    return mean;
  }

  /** Refuses missing values: one NaN would spoil all weights. */
  private static double[] complete(NetcdfVariable variable, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        long missing = Arrays.stream(values).filter(v -> !Double.isFinite(v)).count();
        throw new NetcdfException(
            String.format(
                Locale.ROOT,
                "%s has %d missing or infinite values of %d, the first at %s: fill them before"
                    + " training",
                variable.where(),
                missing,
                values.length,
                place(variable, i)));
      }
    }
    return values;
  }

  private static List<String> place(NetcdfVariable variable, long index) {
    List<String> place = new ArrayList<>();
    for (NetcdfDimension dimension : variable.dimensions().reversed()) {
      place.addFirst(dimension.name() + " " + index % dimension.length());
      index /= dimension.length();
    }
    return place;
  }
}

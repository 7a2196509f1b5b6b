package dev.feedlight.data.climate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.data.DataException;
import dev.feedlight.data.MissingFilesException;
import dev.feedlight.data.netcdf.ClassicFile;
import dev.feedlight.data.netcdf.NetcdfException;
import dev.feedlight.data.netcdf.NetcdfFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From files to examples, metrics and baselines, on a climate that is known. */
final class ClimateDataTest {
  private static final ClimateTask TASK =
      new ClimateTask(List.of("low", "high"), "middle", 2030, 2040, Target.TAS, 1);

  @TempDir private Path folder;

  private ClimateFolder write(double absolute) throws Exception {
    return new ClimateFolder(folder, 25, absolute)
        .scenario("low", 10)
        .scenario("high", 80)
        .scenario("middle", 45);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 280})
  void aClimateThatIsALineIsFoundByTheLinearFit(double absolute) throws Exception {
    write(absolute);
    ClimateData data = ClimateData.load(folder, TASK);
    ClimateMetrics linear =
        ClimateMetrics.of(data.truth(), Baseline.LINEAR.predict(data), data.grid());
    assertThat(linear.rmse()).isLessThan(1e-9);
    assertThat(linear.total()).isLessThan(1e-9);
    ClimateMetrics constant =
        ClimateMetrics.of(data.truth(), Baseline.CONSTANT.predict(data), data.grid());
    assertThat(constant.global()).isCloseTo(1, within(0.1));
    assertThat(constant.rmse()).isGreaterThan(0.5);
  }

  @Test
  void membersAreAveragedAndYearsAreExamples() throws Exception {
    write(0);
    ClimateData data = ClimateData.load(folder, TASK);
    assertThat(data.training().size()).isEqualTo(50);
    assertThat(data.test().size()).isEqualTo(10);
    assertThat(data.test().year(9)).isEqualTo(2039);
    assertThat(data.training().scenario(25)).isEqualTo("high");
    float[] target = new float[ClimateFolder.CELLS];
    data.test().target(3, MemorySegment.ofArray(target), 0);
    assertThat(target[5] * data.targetScale())
        .isCloseTo(ClimateFolder.temperature(2033, 45, 5), within(1e-6));
    float[] input = new float[4 * ClimateFolder.CELLS];
    data.test().input(3, MemorySegment.ofArray(input), 0);
    assertThat(input[0]).isEqualTo((float) (ClimateFolder.co2(2033, 45) / 9500));
    assertThat(input[ClimateFolder.CELLS + 1])
        .isEqualTo((float) (ClimateFolder.ch4(2033, 45) / 0.8));
    float largest = 0;
    for (long year = 0; year < 50; year++) {
      data.training().input(year, MemorySegment.ofArray(input), 0);
      for (int i = 2 * ClimateFolder.CELLS; i < 3 * ClimateFolder.CELLS; i++) {
        largest = Math.max(largest, input[i]);
      }
    }
    assertThat(largest).isEqualTo(1);
  }

  @Test
  void precipitationIsBroughtToMillimetres() throws Exception {
    write(280);
    ClimateData data = ClimateData.load(folder, TASK.with(Target.PR, 1));
    double[] map = Arrays.copyOf(data.truth(), ClimateFolder.CELLS);
    for (int cell = 0; cell < map.length; cell++) {
      double reference = 0;
      for (int year = 2015; year < 2025; year++) {
        reference +=
            (ClimateFolder.precipitation(year, 10, cell)
                    + ClimateFolder.precipitation(year, 80, cell))
                / 20;
      }
      assertThat(map[cell])
          .isCloseTo(ClimateFolder.precipitation(2030, 45, cell) - reference, within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "1.1574074074074073e-5, none, 'pr taken for kg/m2/s: no attribute units, all values below"
            + " 0.01'",
        "1.1574074074074073e-5, kg m-2 s-1, pr taken for kg/m2/s: units kg m-2 s-1",
        "1, none, 'pr taken for mm/day: no attribute units, values of 0.01 and more'",
        "1, mm/day, pr taken for mm/day: units mm/day"
      })
  void theUnitOfPrecipitationIsTakenOnceAndSaid(double part, String unit, String note)
      throws Exception {
    write(280);
    double[] expected = ClimateData.load(folder, TASK.with(Target.PR, 1)).truth();
    new ClimateFolder(folder, 25, 280)
        .rainIn(part, unit)
        .scenario("low", 10)
        .scenario("high", 80)
        .scenario("middle", 45);
    ClimateData data = ClimateData.load(folder, TASK.with(Target.PR, 1));
    assertThat(data.truth()).containsExactly(expected, within(1e-9));
    assertThat(data.unitNote()).contains(note);
    assertThat(data.holdBack("high", 2020, 2025).unitNote()).contains(note);
    assertThat(ClimateData.load(folder, TASK).unitNote()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // A quiet scenario: by itself it would be taken for kg/m2/s and multiplied by 86,400.
        "none, 1, none, 1e-3",
        "mm/day, 1, none, 1e-3",
        "mm/day, 1, kg m-2 s-1, 1e-3",
        "kg m-2 s-1, 1e-5, none, 1"
      })
  void filesThatDoNotAgreeOnTheUnitOfPrecipitationAreRefused(
      String unit, double part, String otherUnit, double otherPart) throws Exception {
    new ClimateFolder(folder, 25, 280)
        .rainIn(part, unit)
        .scenario("low", 10)
        .scenario("middle", 45)
        .rainIn(otherPart, otherUnit)
        .scenario("high", 80);
    assertThatThrownBy(() -> ClimateData.load(folder, TASK.with(Target.PR, 1)))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("outputs_middle.nc: variable pr is taken for ")
        .hasMessageContaining("outputs_high.nc: variable pr for ")
        .hasMessageContaining("bring them to one unit");
  }

  @Test
  void anUnknownUnitOfPrecipitationIsRefused() throws Exception {
    write(280).rainIn(1, "inch/month").scenario("high", 80);
    assertThatThrownBy(() -> ClimateData.load(folder, TASK.with(Target.PR, 1)))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("outputs_high.nc: variable pr is in inch/month; precipitation is");
  }

  @Test
  void aWindowHoldsTheYearsBefore() throws Exception {
    write(0);
    ClimateTask three = new ClimateTask(List.of("low"), "middle", 2030, 2040, Target.TAS, 3);
    ClimateData data = ClimateData.load(folder, three);
    assertThat(data.training().size()).isEqualTo(23);
    assertThat(data.channels()).isEqualTo(12);
    float[] input = new float[12 * ClimateFolder.CELLS];
    data.training().input(0, MemorySegment.ofArray(input), 0);
    for (int i = 0; i < 3; i++) {
      assertThat(input[4 * i * ClimateFolder.CELLS])
          .isEqualTo((float) (ClimateFolder.co2(2015 + i, 10) / 9500));
    }
  }

  @Test
  void metricsAreThoseOfTheirFormulas() {
    // Latitudes 0 and 60: weights 1 and 1/2, of mean 1: 4/3 and 2/3.
    Grid grid = new Grid(new double[] {0, 60}, new double[] {0});
    double[] truth = {1, 2, 3, 2};
    double[] guess = {2, 2, 3, 5};
    ClimateMetrics metrics = ClimateMetrics.of(truth, guess, grid);
    // Squares 1, 0 and 0, 9: global means 2/3 and 3.
    assertThat(metrics.rmse()).isCloseTo(Math.sqrt((2.0 / 3 + 3) / 2), within(1e-12));
    // Global means of the truth 4/3 and 8/3, mean 2; mean errors by cell 0.5 and 1.5.
    assertThat(metrics.spatial())
        .isCloseTo(Math.sqrt((4 * 0.25 + 2 * 2.25) / 6) / 2, within(1e-12));
    // Errors of the global mean 2/3 and 1.
    assertThat(metrics.global()).isCloseTo(Math.sqrt((4.0 / 9 + 1) / 2) / 2, within(1e-12));
    assertThat(metrics.total()).isCloseTo(metrics.spatial() + 5 * metrics.global(), within(1e-12));
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    ClimateFolder files = write(0);
    files.inputs("only", 20, ClimateFolder.ROWS);
    refused("only", MissingFilesException.class, "outputs_only.nc");
    refused("none", MissingFilesException.class, "inputs_none.nc");
    assertThatThrownBy(() -> ClimateData.load(folder, TASK.with(Target.DTR, 1)))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("outputs_middle.nc has no variable diurnal_temperature_range, only");
    files.inputs("middle", 45, 3);
    refused("middle", DataException.class, "inputs_middle.nc has 3 x 6");
    files.scenario("middle", 45).outputs("middle", 45, 25, 9.969209968386869e36);
    refused("middle", DataException.class, "outputs_middle.nc: variable tas has 1 missing");
    files.outputs("middle", 45, 5, Double.NaN);
    refused(
        "middle",
        DataException.class,
        "the forcings and targets of middle have the years 2015 to 2019 in common, but 2030 to 2039"
            + " are measured");
    Path inputs = folder.resolve("inputs_middle.nc");
    byte[] whole = Files.readAllBytes(inputs);
    Files.write(inputs, Arrays.copyOf(whole, whole.length - 8));
    refused("middle", DataException.class, "inputs_middle.nc: variable BC");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2015, 2017      | -45, 45  | variable time goes from 2015.0 to 2017.0: a year is missing",
        "60265.5, 60630.5 | -45, 45 | variable time should hold whole years, but begins with"
            + " 60265.5",
        "2015, 2016      | -45, 95  | variable lat or lon: a grid needs latitudes from -90 to 90",
        "2015, 2016      | -45, NaN | variable lat or lon: a grid needs latitudes from -90 to 90"
      })
  void coordinatesThatCannotBeAreNamed(String years, String latitudes, String message) {
    byte[] contents =
        new ClassicFile(false)
            .dimension("time", 2)
            .dimension("lat", 2)
            .dimension("lon", 1)
            .variable("time", ClassicFile.DOUBLE, List.of("time"), numbers(years))
            .variable("lat", ClassicFile.DOUBLE, List.of("lat"), numbers(latitudes))
            .variable("lon", ClassicFile.DOUBLE, List.of("lon"), 0)
            .bytes();
    try (NetcdfFile file = NetcdfFile.of("axes.nc", contents)) {
      assertThatThrownBy(() -> Axes.of(file))
          .isInstanceOf(NetcdfException.class)
          .hasMessageContaining("axes.nc: " + message);
    }
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(", ")).mapToDouble(Double::parseDouble).toArray();
  }

  private void refused(String test, Class<? extends Exception> type, String message) {
    ClimateTask task = new ClimateTask(List.of("low"), test, 2030, 2040, Target.TAS, 1);
    assertThatThrownBy(() -> ClimateData.load(folder, task))
        .isInstanceOf(type)
        .hasMessageContaining(message);
  }

  @Test
  void aScenarioIsNotMeasuredByItself() {
    assertThatThrownBy(() -> new ClimateTask(List.of("a"), "a", 2030, 2040, Target.TAS, 1))
        .isInstanceOf(DataException.class);
  }

  @Test
  void theHistoricalYearsAreLearnedFromToo() throws Exception {
    write(280).from(1990).scenario("historical", 5);
    ClimateData data = ClimateData.load(folder, TASK.withHistorical());
    assertThat(data.training().size()).isEqualTo(3 * 25);
    assertThat(data.training().scenario(0)).isEqualTo("historical");
    assertThat(data.training().year(24)).isEqualTo(2014);
    // What changes are measured against is the same without them.
    assertThat(data.truth()).containsExactly(ClimateData.load(folder, TASK).truth());
    assertThat(ClimateMetrics.of(data.truth(), Baseline.LINEAR.predict(data), data.grid()).rmse())
        .isLessThan(1e-9);
  }

  @Test
  void absoluteValuesOfTheHistoricalYearsAloneHaveNoReference() throws Exception {
    write(280).from(1990).scenario("historical", 5);
    ClimateTask task = new ClimateTask(List.of("historical"), "middle", 2030, 2040, Target.TAS, 1);
    assertThatThrownBy(() -> ClimateData.load(folder, task))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("mean of 2015 to 2024 over the training scenarios, but historical");
  }

  @Test
  void yearsOfTheReferenceAreNeeded() throws Exception {
    write(280).from(2020).scenario("high", 80);
    assertThatThrownBy(() -> ClimateData.load(folder, TASK))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "high have the years 2020 to 2044 in common, but 2015 to 2024 are what changes are");
  }

  @Test
  void yearsHeldBackAreMeasuredAndNotLearnedFrom() throws Exception {
    write(280);
    ClimateData whole = ClimateData.load(folder, TASK.with(Target.TAS, 2));
    ClimateData held = whole.holdBack("high", 2020, 2025);
    assertThat(held.training().size()).isEqualTo(24 + 4 + 14);
    for (long i = 0; i < held.training().size(); i++) {
      boolean measured = held.training().year(i) >= 2020 && held.training().year(i) < 2025;
      assertThat(measured && held.training().scenario(i).equals("high")).isFalse();
    }
    assertThat(held.test().size()).isEqualTo(5);
    assertThat(held.test().scenario(4)).isEqualTo("high");
    double[] high = whole.trainingScenarios().get(1).target();
    assertThat(held.truth())
        .containsExactly(
            Arrays.copyOfRange(high, 5 * ClimateFolder.CELLS, 10 * ClimateFolder.CELLS));
    assertThat(ClimateMetrics.of(held.truth(), Baseline.LINEAR.predict(held), held.grid()).rmse())
        .isLessThan(1e-9);
    assertThatThrownBy(() -> whole.holdBack("middle", 2020, 2025))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("middle cannot be held back from [low, high]");
  }
}

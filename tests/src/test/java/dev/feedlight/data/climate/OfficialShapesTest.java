package dev.feedlight.data.climate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.feedlight.data.netcdf.ClassicFile;
import dev.feedlight.data.netcdf.NetcdfFile;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with the variables, members and cells of the official ones. */
final class OfficialShapesTest {
  private static final int ROWS = 96;
  private static final int COLUMNS = 144;
  private static final int CELLS = ROWS * COLUMNS;
  private static final int FIRST = 2015;
  private static final int ROUNDS = 9;
  private static final List<String> NAMES = List.of("ssp126", "ssp245", "ssp370", "ssp585");

  @TempDir private Path folder;

  /** Members of the official files: three of ssp245 and ssp370. */
  private static int members(String name) {
    return name.equals("ssp245") || name.equals("ssp370") ? 3 : 1;
  }

  private void write(int years) throws Exception {
    for (String name : NAMES) {
      int step = NAMES.indexOf(name) + 1;
      ClassicFile inputs =
          axes("latitude", "longitude", years)
              .variable(
                  "CO2",
                  ClassicFile.DOUBLE,
                  List.of("time"),
                  each(years, i -> 1500 + 9. * step * i))
              .variable(
                  "CH4", ClassicFile.DOUBLE, List.of("time"), each(years, i -> 0.3 + 1e-4 * i));
      for (String map : List.of("SO2", "BC")) {
        inputs.variable(
            map,
            ClassicFile.DOUBLE,
            List.of("time", "latitude", "longitude"),
            each(years * CELLS, i -> 1e-12 * (2 + Math.sin(i + step))));
      }
      Files.write(folder.resolve("inputs_" + name + ".nc"), inputs.bytes());
      int members = members(name);
      ClassicFile outputs = axes("lat", "lon", years).dimension("member", members);
      for (Target target : Target.values()) {
        outputs.variable(
            target.variable(),
            target == Target.PR90 ? ClassicFile.DOUBLE : ClassicFile.FLOAT,
            List.of("member", "time", "lat", "lon"),
            each(members * years * CELLS, i -> stored(target, step, i, years)));
      }
      Files.write(folder.resolve("outputs_" + name + ".nc"), outputs.bytes());
    }
  }

  /** Precipitation in kg/m2/s. */
  private static double stored(Target target, int step, int i, int years) {
    double value = value(target, step, i, years);
    return target.quantity() == Quantity.PRECIPITATION ? value / 86_400 : value;
  }

  /** Members lie around the truth. */
  private static double value(Target target, int step, int i, int years) {
    int member = i / (years * CELLS);
    int year = i / CELLS % years;
    return truth(target, step, year, i % CELLS) + (member == 0 ? 0 : member == 1 ? 0.25 : -0.25);
  }

  private static double truth(Target target, int step, int year, int cell) {
    return List.of(Target.values()).indexOf(target) + 0.0625 * step * year + cell % 8 * 0.5;
  }

  private static ClassicFile axes(String lat, String lon, int years) {
    return new ClassicFile(false)
        .dimension("time", years)
        .dimension(lat, ROWS)
        .dimension(lon, COLUMNS)
        .variable("time", ClassicFile.INT, List.of("time"), each(years, i -> FIRST + i))
        .variable(lat, ClassicFile.DOUBLE, List.of(lat), each(ROWS, i -> -90 + 180. * i / 95))
        .variable(lon, ClassicFile.DOUBLE, List.of(lon), each(COLUMNS, i -> 2.5 * i));
  }

  private static double[] each(int count, IntToDoubleFunction value) {
    double[] values = new double[count];
    Arrays.setAll(values, value);
    return values;
  }

  private static ClimateTask task(int years, Target target, int window) {
    return new ClimateTask(
        List.of("ssp126", "ssp370", "ssp585"),
        "ssp245",
        FIRST + years - 2,
        FIRST + years,
        target,
        window);
  }

  @Test
  void allTargetsHaveTheirMapsAndWindows() throws Exception {
    int years = 4;
    write(years);
    for (Target target : Target.values()) {
      ClimateData data = ClimateData.load(folder, task(years, target, 2));
      assertThat(data.grid().cells()).isEqualTo(13_824);
      assertThat(data.training().inputs()).isEqualTo(2 * 55_296);
      assertThat(data.training().outputs()).isEqualTo(13_824);
      assertThat(data.training().size()).isEqualTo(3 * 3);
      assertThat(data.test().size()).isEqualTo(2);
      float[] map = new float[CELLS];
      data.test().target(1, MemorySegment.ofArray(map), 0);
      for (int cell = 0; cell < CELLS; cell += 997) {
        assertThat(map[cell] * data.targetScale())
            .isCloseTo(truth(target, 2, years - 1, cell), within(1e-5));
      }
    }
  }

  /**
   * Loading takes hardly longer than reading the bytes of all files and decoding what is used: time
   * of this thread, so that others on the machine count little, and medians of rounds in turn.
   */
  @Test
  @Tag("exhaustive")
  void loadingTakesAtMostAFifthLongerThanReadingAndDecoding() throws Exception {
    int years = 86;
    write(years);
    double[] reading = new double[ROUNDS];
    double[] loading = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double start = threadSeconds();
      readAndDecode();
      double between = threadSeconds();
      ClimateData data = ClimateData.load(folder, task(years, Target.TAS, 1));
      reading[round] = between - start;
      loading[round] = threadSeconds() - between;
      ratios[round] = loading[round] / reading[round];
      assertThat(data.training().size()).isEqualTo(3L * years);
    }
    System.out.printf(
        Locale.ROOT,
        "eight files of 96 x 144: reading and decoding %.3f s, loading %.3f s, %.2f times as"
            + " long%n",
        median(reading),
        median(loading),
        median(ratios));
    assertThat(median(ratios)).isLessThanOrEqualTo(1.2);
  }

  private static double threadSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
  }

  private void readAndDecode() throws Exception {
    List<Path> files;
    try (Stream<Path> there = Files.list(folder)) {
      files = there.toList();
    }
    for (Path path : files) {
      byte[] bytes = Files.readAllBytes(path);
      try (NetcdfFile file = NetcdfFile.of(path.toString(), bytes)) {
        for (String name : List.of("CO2", "CH4", "SO2", "BC", "tas")) {
          file.find(name).ifPresent(variable -> assertThat(variable.doubles()).isNotEmpty());
        }
      }
    }
  }
}

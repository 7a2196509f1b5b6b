package dev.feedlight.data.netcdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Files that others wrote, where the environment variable FEEDLIGHT_CLIMATE_FORMATS says where they
 * are. Expected values are those of SciPy's reader.
 */
@EnabledIfEnvironmentVariable(named = "FEEDLIGHT_CLIMATE_FORMATS", matches = ".+")
final class RealNetcdfTest {
  private static NetcdfFile open(String name) {
    return NetcdfFile.open(Path.of(System.getenv("FEEDLIGHT_CLIMATE_FORMATS"), name));
  }

  @Test
  void classicWithRecordsAndFillValues() {
    try (NetcdfFile coads = open("coads_climatology.cdf.gz")) {
      double[] sst = coads.variable("SST").doubles();
      assertThat(Arrays.stream(sst).filter(Double::isNaN).count()).isEqualTo(89_622);
      assertThat(Arrays.stream(sst).filter(v -> !Double.isNaN(v)).sum())
          .isCloseTo(1895993.7036208466, within(1e-6));
      assertThat(sst[(5 * 90 + 44) * 180 + 90]).isEqualTo(27.674814224243164);
      assertThat(coads.variable("SLP").floats()[(11 * 90 + 44) * 180 + 90]).isEqualTo(1008.5803f);
      assertThat(coads.variable("TIME").doubles()[11]).isEqualTo(8401.335);
      assertThat(coads.attributes().text("history")).contains("FERRET V4.45 (GUI) 22-May-97");
    }
  }

  @Test
  void longOffsetsAndPackedShorts() {
    try (NetcdfFile era = open("eraint_uvz.nc.gz")) {
      int place = (1 * 3 + 2) * 241 * 480 + 100 * 480 + 200;
      double[] z = era.variable("z").doubles();
      assertThat(z[place]).isEqualTo(15021.20012360374);
      assertThat(Arrays.stream(z).average().orElseThrow())
          .isCloseTo(61179.390464444776, within(1e-6));
      assertThat(era.variable("u").doubles()[place]).isEqualTo(-5.562651643471888);
      assertThat(era.variable("v").doubles()[place]).isEqualTo(-1.5313444195202344);
    }
  }

  @Test
  void classicAndPackedHdf5AreTheSame() {
    try (NetcdfFile classic = open("inputs_ssp126.classic3.nc.gz");
        NetcdfFile packed = open("inputs_ssp126.deflate.nc")) {
      for (String name :
          new String[] {"time", "latitude", "longitude", "CO2", "CH4", "SO2", "BC"}) {
        assertThat(packed.variable(name).doubles()).isEqualTo(classic.variable(name).doubles());
        assertThat(packed.variable(name).toString()).isEqualTo(classic.variable(name).toString());
      }
      assertThat(packed.variable("SO2").doubles()[(85 * 48 + 20) * 72 + 30])
          .isEqualTo(2.1928317914678342e-14);
    }
  }

  @Test
  void unlimitedChunksOfOne() {
    try (NetcdfFile e1 = open("E1_north_america.nc.gz")) {
      NetcdfVariable air = e1.variable("air_temperature");
      assertThat(air.dimensions())
          .containsExactly(
              new NetcdfDimension("time", 240, true),
              new NetcdfDimension("latitude", 37, false),
              new NetcdfDimension("longitude", 49, false));
      assertThat(air.attributes().text("Model scenario")).contains("E1");
      double[] kelvins = air.doubles();
      assertThat(kelvins).hasSize(240 * 37 * 49);
      assertThat(Arrays.stream(kelvins).allMatch(k -> 200 < k && k < 330)).isTrue();
      assertThat(e1.find("bnds")).isEmpty();
      assertThat(e1.variable("time_bnds").dimensions().getLast().name()).isEqualTo("bnds");
      assertThat(e1.variable("height").doubles()).hasSize(1);
    }
  }

  @Test
  void bothScenariosOfNorthAmericaHaveOneGridAndAPast() {
    try (NetcdfFile a1b = open("A1B_north_america.nc.gz");
        NetcdfFile e1 = open("E1_north_america.nc.gz")) {
      for (String name : new String[] {"time", "latitude", "longitude"}) {
        assertThat(a1b.variable(name).doubles()).isEqualTo(e1.variable(name).doubles());
      }
      double[] kelvins = a1b.variable("air_temperature").doubles();
      assertThat(kelvins).hasSize(240 * 37 * 49);
      double first = Arrays.stream(kelvins, 0, 37 * 49).average().orElseThrow();
      double last = Arrays.stream(kelvins, 239 * 37 * 49, kelvins.length).average().orElseThrow();
      assertThat(last - first).isBetween(3.0, 8.0);
      assertThat(a1b.variable("air_temperature").attributes().text("Model scenario"))
          .contains("A1B");
    }
  }

  @Test
  void theSmallestFile() {
    try (NetcdfFile tiny = open("tiny.nc")) {
      assertThat(tiny.variable("tiny").doubles()).containsExactly(0, 1, 2, 3, 4);
    }
  }
}

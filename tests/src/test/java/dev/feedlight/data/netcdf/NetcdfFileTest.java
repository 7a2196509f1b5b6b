package dev.feedlight.data.netcdf;

import static dev.feedlight.data.netcdf.ClassicFile.BYTE;
import static dev.feedlight.data.netcdf.ClassicFile.DOUBLE;
import static dev.feedlight.data.netcdf.ClassicFile.FLOAT;
import static dev.feedlight.data.netcdf.ClassicFile.INT;
import static dev.feedlight.data.netcdf.ClassicFile.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.filter.PipelineFilterWithData;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both formats: values, what is missing, and files that lie. */
final class NetcdfFileTest {
  private static double[] doubles(byte[] file, String variable) {
    try (NetcdfFile open = NetcdfFile.of("test.nc", file)) {
      return open.variable(variable).doubles();
    }
  }

  private static ClassicFile sample(boolean longOffsets) {
    return new ClassicFile(longOffsets)
        .records("time", 3)
        .dimension("x", 2)
        .variable("x", FLOAT, List.of("x"), 0.5, -1.25)
        .variable("flags", BYTE, List.of("time"), 1, -2, 3)
        .variable("t", DOUBLE, List.of("time", "x"), 1, 2, 3, 4, 5, 6)
        .variable("n", SHORT, List.of("time", "x"), -1, 1, -2, 2, -3, 3)
        .variable("one", INT, List.of(), 7);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsAreTakenApart(boolean longOffsets) {
    byte[] file = sample(longOffsets).bytes();
    assertThat(doubles(file, "x")).containsExactly(0.5, -1.25);
    assertThat(doubles(file, "flags")).containsExactly(1, -2, 3);
    assertThat(doubles(file, "t")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(doubles(file, "n")).containsExactly(-1, 1, -2, 2, -3, 3);
    assertThat(doubles(file, "one")).containsExactly(7);
    try (NetcdfFile open = NetcdfFile.of("test.nc", file)) {
      assertThat(open.variable("t").dimensions())
          .containsExactly(
              new NetcdfDimension("time", 3, true), new NetcdfDimension("x", 2, false));
    }
  }

  @Test
  void oneRecordVariableAloneIsNotPadded() {
    byte[] file =
        new ClassicFile(false)
            .records("time", 3)
            .variable("n", SHORT, List.of("time"), 1, 2, 3)
            .bytes();
    assertThat(doubles(file, "n")).containsExactly(1, 2, 3);
  }

  @Test
  void aNumberOfRecordsLeftOpenFollowsFromTheSize() {
    byte[] file = sample(false).bytes();
    ByteBuffer.wrap(file).putInt(4, -1);
    assertThat(doubles(file, "t")).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void whatIsMissingIsNotANumberAndTheRestIsScaled() {
    Map<String, Object> attributes =
        Map.of("_FillValue", -7, "missing_value", 9, "scale_factor", 0.5, "add_offset", 10.0);
    byte[] file =
        new ClassicFile(false)
            .dimension("x", 4)
            .variable("p", SHORT, List.of("x"), attributes, -7, 4, 9, -2)
            .variable("unwritten", FLOAT, List.of("x"), 1, 9.969209968386869e36, Double.NaN, 2)
            .variable("fill", FLOAT, List.of("x"), Map.of("_FillValue", -1e34), 1, -1e34, 3, 4)
            .variable(
                "range", INT, List.of("x"), Map.of("valid_range", new double[] {2, 3}), 1, 2, 3, 4)
            .variable(
                "unsigned",
                BYTE,
                List.of("x"),
                Map.of("_Unsigned", "true", "_FillValue", -1),
                -1,
                -2,
                0,
                5)
            .bytes();
    assertThat(doubles(file, "p")).containsExactly(Double.NaN, 12, Double.NaN, 9);
    assertThat(doubles(file, "unwritten")).containsExactly(1, Double.NaN, Double.NaN, 2);
    assertThat(doubles(file, "fill")).containsExactly(1, Double.NaN, 3, 4);
    assertThat(doubles(file, "range")).containsExactly(Double.NaN, 2, 3, Double.NaN);
    assertThat(doubles(file, "unsigned")).containsExactly(Double.NaN, 254, 0, 5);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] file = sample(false).bytes();
    for (int length = 0; length < file.length - 2; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(
              () -> {
                for (String name : List.of("x", "flags", "t", "n", "one")) {
                  doubles(cut, name);
                }
              })
          .describedAs("%d of %d bytes", length, file.length)
          .isInstanceOf(NetcdfException.class)
          .hasMessageContaining("test.nc");
    }
  }

  @Test
  void aLyingShapeIsRefusedWithoutMemory() {
    byte[] file =
        new ClassicFile(false)
            .dimension("abcd", 2)
            .variable("v", DOUBLE, List.of("abcd"), 1, 2)
            .bytes();
    ByteBuffer.wrap(file).putInt(24, 0x0FFFFFF0);
    assertThatThrownBy(() -> doubles(file, "v"))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("test.nc: variable v")
        .hasMessageContaining("2147483520");
  }

  @Test
  void otherFormatsAreRefusedByName() {
    assertThatThrownBy(() -> doubles(new byte[] {'C', 'D', 'F', 5, 0, 0, 0, 0}, "v"))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("nccopy");
    assertThatThrownBy(() -> doubles(new byte[64], "v"))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("is no NetCDF file");
    byte[] file = sample(false).bytes();
    assertThatThrownBy(() -> doubles(file, "tas"))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("no variable tas")
        .hasMessageContaining("t(time 3, x 2)");
  }

  @Test
  void packedFilesAreReadByTheirFirstBytes(@TempDir Path folder) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(sample(true).bytes());
    }
    assertThat(doubles(packed.toByteArray(), "t")).containsExactly(1, 2, 3, 4, 5, 6);
    Path plain = Files.write(folder.resolve("plain.nc"), sample(true).bytes());
    Path zipped = Files.write(folder.resolve("zipped"), packed.toByteArray());
    for (Path file : List.of(plain, zipped)) {
      try (NetcdfFile open = NetcdfFile.open(file)) {
        assertThat(open.variable("n").floats()).containsExactly(-1, 1, -2, 2, -3, 3);
      }
    }
    assertThatThrownBy(() -> NetcdfFile.open(folder.resolve("none.nc")))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("none.nc");
  }

  @Test
  void chunksAreUnpackedWithTheirEdges() {
    byte[] file = Hdf5Files.chunked();
    double[] values = doubles(file, "v");
    for (int i = 0; i < 35; i++) {
      assertThat(values[i]).isEqualTo(2.0 * i);
    }
    assertThat(doubles(file, "whole")).containsExactly(1, -2, 3);
    try (NetcdfFile open = NetcdfFile.of("test.nc", file)) {
      assertThat(open.variable("whole").attributes().text("units")).contains("K");
    }
  }

  @Test
  void aChunkThatExpandsPastItsShapeIsRefused() throws Exception {
    byte[] file = Hdf5Files.chunked();
    assertThatThrownBy(() -> doubles(Arrays.copyOf(file, file.length - 100), "v"))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("test.nc is cut off")
        .hasMessageContaining("of " + file.length + " bytes");
    ChunkDecoder decoder = new ChunkDecoder("test.nc: variable v", filters(file), 8, 24);
    byte[] packed = deflated(new byte[1 << 20]);
    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(packed), new int[] {0, 0}))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("more than the 24 bytes");
    byte[] half = deflated(new byte[12]);
    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(half), new int[] {0, 0}))
        .isInstanceOf(NetcdfException.class)
        .hasMessageContaining("12 bytes");
  }

  private static List<PipelineFilterWithData> filters(byte[] file) {
    try (HdfFile hdf = HdfFile.fromBytes(file)) {
      return hdf.getDatasetByPath("v").getFilters();
    }
  }

  private static byte[] deflated(byte[] plain) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  @Test
  void aChecksumIsHdf5s() {
    // By hand: words 0x0102, 0x0304: sums 0x0102, 0x0406 and 0x0102, 0x0508.
    assertThat(ChunkDecoder.fletcher32(new byte[] {1, 2, 3, 4}, 4)).isEqualTo(0x0508_0406);
    // A last odd byte is the high half of a word.
    assertThat(ChunkDecoder.fletcher32(new byte[] {1, 2, 3}, 3)).isEqualTo(0x0504_0402);
    // The sum keeps 65535.
    assertThat(ChunkDecoder.fletcher32(new byte[] {-1, -1}, 2)).isEqualTo(-1);
  }
}

package dev.feedlight.data.netcdf;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Small files of HDF5, written by jHDF. */
public final class Hdf5Files {
  private Hdf5Files() {}

  /** Values 0 to 34, to be doubled, of shape 7 x 5 in packed chunks of 2 x 3; and a whole one. */
  public static byte[] chunked() {
    double[][] values = new double[7][5];
    for (int i = 0; i < 35; i++) {
      values[i / 5][i % 5] = i;
    }
    DatasetCreationOptions packed =
        DatasetCreationOptions.builder().chunkDimensions(2, 3).shuffle().deflate(6).build();
    return written(
        hdf -> {
          hdf.putDataset("v", values, packed).putAttribute("scale_factor", 2.0);
          hdf.putDataset("whole", new int[] {1, -2, 3}).putAttribute("units", "K");
        });
  }

  /** Floats in one piece. */
  public static byte[] whole() {
    return written(
        hdf -> hdf.putDataset("f", new float[] {1, 2, 3, 4}).putAttribute("_FillValue", 3f));
  }

  private static byte[] written(Consumer<WritableHdfFile> content) {
    try {
      Path file = Files.createTempFile("feedlight", ".nc");
      try (WritableHdfFile hdf = HdfFile.write(file)) {
        content.accept(hdf);
      }
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

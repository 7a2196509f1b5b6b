package dev.feedlight.data.netcdf;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * The values of a variable of HDF5, in one piece or in chunks. Chunks are unpacked here and not by
 * jHDF, which inflates whatever a stream holds.
 */
final class Hdf5Values implements StoredValues {
  private final String where;
  private final Dataset dataset;
  private final NetcdfType type;
  private final ByteOrder order;
  private final long fileBytes;

  /**
   * Prepares reading.
   *
   * @param where file and variable, for messages
   * @param fileBytes size of the file, which bounds what it can hold
   */
  Hdf5Values(String where, Dataset dataset, NetcdfType type, ByteOrder order, long fileBytes) {
    this.where = where;
    this.dataset = dataset;
    this.type = type;
    this.order = order;
    this.fileBytes = fileBytes;
  }

  @Override
  public ByteBuffer read() {
    return Hdf5Header.guarded(where, this::stored).order(order);
  }

  private ByteBuffer stored() {
    int[] shape = dataset.getDimensions();
    int bytes = possible(shape, "a shape");
    return switch (dataset) {
      case ContiguousDataset whole -> contiguous(whole, bytes);
      case ChunkedDataset chunked -> chunked(chunked, shape, bytes);
      default -> compact(bytes);
    };
  }

  /** Bytes of a shape, refused where the file cannot hold them, however well packed. */
  private int possible(int[] shape, String what) {
    long bytes = type.bytes();
    for (int length : shape) {
      bytes = length < 0 ? Long.MAX_VALUE : Math.multiplyExact(bytes, length);
    }
    if (bytes > Math.min(fileBytes * NetcdfFile.MAX_DEFLATE_RATIO, Integer.MAX_VALUE - 8)) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s has %s of %s, %d bytes, more than its file of %d bytes can hold or than can be"
                  + " read at once",
              where,
              what,
              Arrays.toString(shape),
              bytes,
              fileBytes));
    }
    return (int) bytes;
  }

  private ByteBuffer contiguous(ContiguousDataset whole, int bytes) {
    ByteBuffer stored = whole.getBuffer();
    if (stored == null) {
      throw new NetcdfException(where + " was never written");
    }
    return exactly(stored, bytes);
  }

  private ByteBuffer exactly(ByteBuffer stored, int bytes) {
    if (stored.remaining() != bytes) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s has %d bytes, its shape needs %d",
              where,
              stored.remaining(),
              bytes));
    }
    return stored.slice();
  }

  /** Small values inside of the header; jHDF has them as an array only. */
  private ByteBuffer compact(int bytes) {
    ByteBuffer encoded = dataset.getDataType().encodeData(dataset.getData());
    return exactly(encoded.rewind(), bytes);
  }

  private ByteBuffer chunked(ChunkedDataset chunked, int[] shape, int bytes) {
    int[] chunk = chunked.getChunkDimensions();
    if (chunk.length != shape.length || Arrays.stream(chunk).anyMatch(length -> length < 1)) {
      throw new NetcdfException(
          where
              + " of shape "
              + Arrays.toString(shape)
              + " has chunks of "
              + Arrays.toString(chunk));
    }
    ChunkDecoder decoder =
        new ChunkDecoder(where, dataset.getFilters(), type.bytes(), possible(chunk, "chunks"));
    byte[] values = new byte[bytes];
    if (bytes == 0) {
      return ByteBuffer.wrap(values);
    }
    int[] place = new int[shape.length];
    do {
      byte[] decoded = decoder.decode(chunked.getRawChunkBuffer(place), place);
      copy(decoded, chunk, place, values, shape);
    } while (advance(place, chunk, shape));
    return ByteBuffer.wrap(values);
  }

  /** To the next chunk in the order of the file; false behind the last. */
  private static boolean advance(int[] place, int[] step, int[] shape) {
    for (int i = place.length - 1; i >= 0; i--) {
      // No overflow: a place is inside of the shape, and a step at most 2^31.
      if ((long) place[i] + step[i] < shape[i]) {
        place[i] += step[i];
        return true;
      }
      place[i] = 0;
    }
    return false;
  }

  /** The part of a chunk that lies inside of the shape, row by row. */
  private void copy(byte[] decoded, int[] chunk, int[] place, byte[] values, int[] shape) {
    int last = shape.length - 1;
    int rowBytes = Math.min(chunk[last], shape[last] - place[last]) * type.bytes();
    int[] inside = new int[shape.length];
    int[] reach = new int[shape.length];
    int[] steps = new int[shape.length];
    Arrays.setAll(reach, i -> Math.min(chunk[i], shape[i] - place[i]));
    Arrays.fill(steps, 1);
    steps[last] = reach[last];
    do {
      int from = 0;
      int to = 0;
      for (int i = 0; i <= last; i++) {
        from = from * chunk[i] + inside[i];
        to = to * shape[i] + place[i] + inside[i];
      }
      System.arraycopy(decoded, from * type.bytes(), values, to * type.bytes(), rowBytes);
    } while (advance(inside, steps, reach));
  }
}

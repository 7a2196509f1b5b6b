package dev.feedlight.data.netcdf;

import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes the filters of a chunk, last one first (HDF5 File Format Specification, "Filter
 * Pipeline"). Never more is unpacked than the chunk's shape has room for.
 */
final class ChunkDecoder {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;

  private final String where;
  private final List<PipelineFilterWithData> filters;
  private final int elementBytes;
  private final int chunkBytes;

  /**
   * Prepares decoding.
   *
   * @param where file and variable, for messages
   * @param filters in the order in which they were applied
   * @param chunkBytes what a chunk has unpacked
   * @throws NetcdfException if there is a filter that is not known
   */
  ChunkDecoder(
      String where, List<PipelineFilterWithData> filters, int elementBytes, int chunkBytes) {
    this.where = where;
    this.filters = filters;
    this.elementBytes = elementBytes;
    this.chunkBytes = chunkBytes;
    for (PipelineFilterWithData filter : filters) {
      if (filter.getId() < DEFLATE || filter.getId() > FLETCHER32) {
        throw new NetcdfException(
            String.format(
                Locale.ROOT,
                "%s is packed by %s (filter %d), which is not read: pack it again with nccopy -d 4",
                where,
                filter.getName(),
                filter.getId()));
      }
    }
  }

  /** The chunk at a place, as many bytes as its shape has. */
  byte[] decode(ByteBuffer stored, int[] place) {
    byte[] bytes = new byte[stored.remaining()];
    stored.get(bytes);
    for (int i = filters.size() - 1; i >= 0; i--) {
      bytes =
          switch (filters.get(i).getId()) {
            case DEFLATE -> inflate(bytes, room(i), place);
            case SHUFFLE -> unshuffle(bytes);
            default -> checked(bytes, place);
          };
    }
    if (bytes.length != chunkBytes) {
      throw fault(
          place,
          String.format(
              Locale.ROOT, "unpacks to %d bytes, its shape has %d", bytes.length, chunkBytes));
    }
    return bytes;
  }

  /** What comes out of a filter: the chunk, and the checksums applied before it. */
  private int room(int filter) {
    long checksums =
        filters.subList(0, filter).stream().filter(f -> f.getId() == FLETCHER32).count();
    return Math.addExact(chunkBytes, Math.toIntExact(Integer.BYTES * checksums));
  }

  private byte[] inflate(byte[] packed, int room, int[] place) {
    byte[] bytes = new byte[room];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      int done = 0;
      while (!inflater.finished()) {
        // One more than there is room for tells whether the stream goes on.
        byte[] target = done < room ? bytes : new byte[1];
        int count = inflater.inflate(target, done < room ? done : 0, Math.max(1, room - done));
        if (done + (long) count > room) {
          throw fault(
              place,
              String.format(Locale.ROOT, "unpacks to more than the %d bytes of its shape", room));
        }
        done += count;
        if (count == 0 && !inflater.finished()) {
          throw fault(
              place, String.format(Locale.ROOT, "breaks off after %d of %d bytes", done, room));
        }
      }
      return done == room ? bytes : Arrays.copyOf(bytes, done);
    } catch (DataFormatException e) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s: the chunk at %s is no sound deflate stream: %s",
              where,
              Arrays.toString(place),
              e.getMessage()),
          e);
    } finally {
      inflater.end();
    }
  }

  /** First bytes of all elements, then second bytes, and so on; a rest stays as it is. */
  private byte[] unshuffle(byte[] shuffled) {
    int elements = shuffled.length / elementBytes;
    byte[] bytes = shuffled.clone();
    for (int b = 0; b < elementBytes; b++) {
      for (int i = 0; i < elements; i++) {
        bytes[i * elementBytes + b] = shuffled[b * elements + i];
      }
    }
    return bytes;
  }

  private byte[] checked(byte[] bytes, int[] place) {
    int length = bytes.length - Integer.BYTES;
    if (length < 0) {
      throw fault(
          place, String.format(Locale.ROOT, "has %d bytes, no room for a checksum", bytes.length));
    }
    int stored = Integer.reverseBytes(ByteBuffer.wrap(bytes).getInt(length));
    int computed = fletcher32(bytes, length);
    if (stored != computed) {
      throw fault(
          place, String.format(Locale.ROOT, "has the checksum %08x, not %08x", computed, stored));
    }
    return Arrays.copyOf(bytes, length);
  }

  /** Fletcher's checksum over big-endian words of 16 bits, as HDF5 takes it. */
  static int fletcher32(byte[] bytes, int length) {
    int sum = 0;
    int sums = 0;
    for (int i = 0; i < length; i += 2) {
      int word = (bytes[i] & 0xFF) << 8 | (i + 1 < length ? bytes[i + 1] & 0xFF : 0);
      sum = folded(sum + word);
      sums = folded(sums + sum);
    }
    return sums << 16 | sum;
  }

  /** Modulo 65535, where HDF5 keeps 65535 as it is and never makes it 0. */
  private static int folded(int sum) {
    return (sum & 0xFFFF) + (sum >>> 16);
  }

  private NetcdfException fault(int[] place, String what) {
    return new NetcdfException(where + ": the chunk at " + Arrays.toString(place) + " " + what);
  }
}

package dev.feedlight.data.netcdf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The header of a classic or 64-bit-offset file ("NetCDF Classic and 64-bit Offset File Formats",
 * Unidata; OGC 10-092r3): big-endian, a list of dimensions, of attributes, of variables with the
 * place of their values. Variables along the unlimited dimension are interleaved: record after
 * record, each with one slice of every such variable, padded to four bytes unless there is one
 * variable alone.
 */
final class ClassicHeader {
  private static final int DIMENSIONS = 0x0A;
  private static final int VARIABLES = 0x0B;
  private static final int ATTRIBUTES = 0x0C;
  private static final int CHAR = 2;
  private static final long STREAMING = 0xFFFF_FFFFL;
  private static final int MAGIC_BYTES = 4;

  private final String file;
  private final MemorySegment bytes;
  private final ClassicBytes header;
  private final boolean longOffsets;
  private final List<NetcdfDimension> dimensions = new ArrayList<>();
  private long recordBytes;

  /**
   * A variable as the header has it.
   *
   * @param sliceBytes of one record, or of the whole variable where it has none; unpadded
   */
  private record Entry(
      String name,
      NetcdfType type,
      List<Integer> dimensions,
      NetcdfAttributes attributes,
      long begin,
      boolean records,
      long sliceBytes) {}

  ClassicHeader(String file, MemorySegment bytes, boolean longOffsets) {
    this.file = file;
    this.bytes = bytes;
    this.longOffsets = longOffsets;
    this.header = new ClassicBytes(file, bytes, MAGIC_BYTES);
  }

  NetcdfHeader read() {
    long promised = header.nextInt("number of records") & 0xFFFF_FFFFL;
    int unlimited = readDimensions();
    NetcdfAttributes attributes = readAttributes();
    List<Entry> entries = new ArrayList<>();
    int count = listLength(VARIABLES, "variables", 28);
    for (int i = 0; i < count; i++) {
      entries.add(readVariable(unlimited));
    }
    List<Entry> grown = entries.stream().filter(Entry::records).toList();
    for (Entry entry : grown) {
      long slice = entry.sliceBytes();
      recordBytes =
          Math.addExact(recordBytes, grown.size() == 1 ? slice : ClassicBytes.padded(slice));
    }
    if (unlimited >= 0) {
      long records = promised == STREAMING ? recordsThere(grown) : promised;
      NetcdfDimension old = dimensions.get(unlimited);
      dimensions.set(unlimited, new NetcdfDimension(old.name(), records, true));
    }
    return new NetcdfHeader(attributes, entries.stream().map(this::variable).toList());
  }

  /** Returns the place of the unlimited one, -1 if there is none. */
  private int readDimensions() {
    int unlimited = -1;
    int count = listLength(DIMENSIONS, "dimensions", 8);
    for (int i = 0; i < count; i++) {
      String name = header.nextText("name of a dimension");
      long length = header.nextInt("length of a dimension") & 0xFFFF_FFFFL;
      if (length == 0) {
        if (unlimited >= 0) {
          throw fault(
              String.format(
                  Locale.ROOT,
                  "dimensions %s and %s are both unlimited",
                  dimensions.get(unlimited),
                  name));
        }
        unlimited = i;
      }
      dimensions.add(new NetcdfDimension(name, length, length == 0));
    }
    return unlimited;
  }

  private NetcdfAttributes readAttributes() {
    NetcdfAttributes attributes = new NetcdfAttributes();
    int count = listLength(ATTRIBUTES, "attributes", 12);
    for (int i = 0; i < count; i++) {
      String name = header.nextText("name of an attribute");
      int code = header.nextInt("type of an attribute");
      NetcdfType type = type(code, name);
      int values = header.nextCount("values of " + name, type.bytes());
      byte[] stored = header.nextPadded((long) values * type.bytes(), name);
      if (code == CHAR) {
        attributes.put(name, text(stored));
      } else {
        double[] numbers = new double[values];
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        for (int j = 0; j < values; j++) {
          numbers[j] = type.get(buffer, j);
        }
        attributes.put(name, numbers);
      }
    }
    return attributes;
  }

  /** Some writers end texts with a zero. */
  private static String text(byte[] stored) {
    int length = stored.length;
    while (length > 0 && stored[length - 1] == 0) {
      length--;
    }
    return new String(stored, 0, length, StandardCharsets.UTF_8);
  }

  private Entry readVariable(int unlimited) {
    String name = header.nextText("name of a variable");
    int rank = header.nextCount("dimensions of " + name, Integer.BYTES);
    List<Integer> places = new ArrayList<>(rank);
    boolean records = false;
    long slice = 1;
    for (int i = 0; i < rank; i++) {
      int place = header.nextInt("dimension of " + name);
      if (place < 0 || place >= dimensions.size() || (place == unlimited && i > 0)) {
        throw fault(
            String.format(
                Locale.ROOT,
                "variable %s has dimension %d in place %d; there are %d, and the unlimited one"
                    + " comes first",
                name,
                place,
                i,
                dimensions.size()));
      }
      places.add(place);
      records |= place == unlimited;
      slice = place == unlimited ? slice : times(slice, dimensions.get(place).length(), name);
    }
    NetcdfAttributes attributes = readAttributes();
    NetcdfType type = type(header.nextInt("type of " + name), name);
    header.nextInt("size of " + name); // follows from the shape, and is too short for large ones
    long begin =
        longOffsets
            ? header.nextLong("place of " + name)
            : header.nextInt("place of " + name) & 0xFFFF_FFFFL;
    return new Entry(
        name, type, places, attributes, begin, records, times(slice, type.bytes(), name));
  }

  private NetcdfVariable variable(Entry entry) {
    return new NetcdfVariable(
        file,
        entry.name(),
        entry.type(),
        entry.dimensions().stream().map(dimensions::get).toList(),
        entry.attributes(),
        () -> values(entry));
  }

  private ByteBuffer values(Entry entry) {
    long slices = entry.records() ? dimensions.get(entry.dimensions().getFirst()).length() : 1;
    long slice = entry.sliceBytes();
    long total = times(slices, slice, entry.name());
    if (total > Integer.MAX_VALUE - 8) {
      throw fault(
          String.format(
              Locale.ROOT,
              "variable %s has %d bytes, too many to be read at once",
              entry.name(),
              total));
    }
    long stride = entry.records() ? recordBytes : slice;
    // Whole records before the last one, and of that one this variable's slice.
    boolean there =
        slices == 0
            || (entry.begin() >= 0
                && entry.begin() <= bytes.byteSize() - slice
                && slices - 1 <= (bytes.byteSize() - slice - entry.begin()) / Math.max(1, stride));
    if (!there) {
      throw fault(
          String.format(
              Locale.ROOT,
              "variable %s should have %d times %d bytes from byte %d on, but the file ends at %d",
              entry.name(),
              slices,
              slice,
              entry.begin(),
              bytes.byteSize()));
    }
    if (slices == 1 || stride == slice) {
      return ordered(bytes.asSlice(slices == 0 ? 0 : entry.begin(), total).asByteBuffer());
    }
    byte[] gathered = new byte[(int) total];
    for (int i = 0; i < slices; i++) {
      MemorySegment.copy(
          bytes,
          ValueLayout.JAVA_BYTE,
          entry.begin() + i * stride,
          gathered,
          Math.toIntExact(i * slice),
          (int) slice);
    }
    return ordered(ByteBuffer.wrap(gathered));
  }

  private static ByteBuffer ordered(ByteBuffer values) {
    return values.order(ByteOrder.BIG_ENDIAN);
  }

  /** What fits between the first record and the end, where the writer left the number open. */
  private long recordsThere(List<Entry> grown) {
    long first = grown.stream().mapToLong(Entry::begin).min().orElse(0);
    return recordBytes == 0 ? 0 : Math.max(0, (bytes.byteSize() - first) / recordBytes);
  }

  private int listLength(int tag, String what, int bytesEach) {
    int found = header.nextInt("list of " + what);
    int count = header.nextCount(what, bytesEach);
    if (found != tag && (found != 0 || count != 0)) {
      throw fault(
          String.format(
              Locale.ROOT, "a list of %s should begin with %d, not %d", what, tag, found));
    }
    return count;
  }

  private NetcdfType type(int code, String name) {
    return switch (code) {
      case 1 -> NetcdfType.BYTE;
      case CHAR -> NetcdfType.OTHER;
      case 3 -> NetcdfType.SHORT;
      case 4 -> NetcdfType.INT;
      case 5 -> NetcdfType.FLOAT;
      case 6 -> NetcdfType.DOUBLE;
      default ->
          throw fault(
              String.format(Locale.ROOT, "%s has the type %d; there are 1 to 6", name, code));
    };
  }

  private long times(long a, long b, String name) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw new NetcdfException(file + ": variable " + name + " has more than 2^63 bytes", e);
    }
  }

  private NetcdfException fault(String what) {
    return new NetcdfException(file + ": " + what);
  }
}

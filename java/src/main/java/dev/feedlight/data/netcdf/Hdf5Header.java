package dev.feedlight.data.netcdf;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The root group of a NetCDF-4 file. jHDF reads the structures of HDF5; dimensions come from its
 * dimension scales, as NetCDF's own library writes them. Links are passed over: a data file has no
 * business in others.
 */
final class Hdf5Header {
  /** Attributes by which HDF5 holds dimensions together; not the author's. */
  private static final List<String> INTERNAL =
      List.of("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME");

  /** The name of a scale that has no values. */
  private static final String NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable";

  /** What the name of a variable begins with that is no coordinate of its dimension's name. */
  private static final String NO_COORDINATE = "_nc4_non_coord_";

  private static final String SCALES = "DIMENSION_LIST";

  /** Places in the superblock: before version 2, the size of addresses stands further behind. */
  private static final long VERSION = 8;

  private static final long OFFSET_SIZE = 9;
  private static final long OLD_OFFSET_SIZE = 13;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment bytes;

  Hdf5Header(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  NetcdfHeader read() {
    if (bytes.byteSize() > Integer.MAX_VALUE) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s has %d bytes; of HDF5 at most %d are read: split it by years or variables",
              file,
              bytes.byteSize(),
              Integer.MAX_VALUE));
    }
    requireWhole();
    return guarded(file, this::readRoot);
  }

  /**
   * Refuses a file that ends before the end that its superblock names (HDF5 File Format
   * Specification, II.A). A superblock that is not where NetCDF puts it, or of another kind, is
   * left to jHDF.
   */
  private void requireWhole() {
    int version = at(VERSION);
    int offsets = version < 2 ? at(OLD_OFFSET_SIZE) : at(OFFSET_SIZE);
    // Base address and one other address stand before that of the end.
    long place =
        switch (version) {
          case 0 -> 24;
          case 1 -> 28;
          default -> 12;
        };
    place += 2L * offsets;
    if (version > 3 || offsets != Long.BYTES || place + offsets > bytes.byteSize()) {
      return;
    }
    long end = bytes.get(LONG, place);
    if (end > bytes.byteSize()) {
      throw new NetcdfException(
          String.format(
              Locale.ROOT,
              "%s is cut off: it has %d of %d bytes; fetch or copy it again",
              file,
              bytes.byteSize(),
              end));
    }
  }

  /** A byte; -1 behind the end. */
  private int at(long place) {
    return place < bytes.byteSize() ? bytes.get(ValueLayout.JAVA_BYTE, place) & 0xFF : -1;
  }

  /** What jHDF says about damaged structures, which it says in many ways. */
  static <T> T guarded(String where, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (NetcdfException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new NetcdfException(where + " is damaged or no plain NetCDF-4: " + reason(e), e);
    }
  }

  /** The innermost complaint tells most. */
  private static String reason(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return message == null ? innermost.getClass().getSimpleName() : message;
  }

  private NetcdfHeader readRoot() {
    // Not closed: it owns nothing where the bytes are ours.
    @SuppressWarnings("resource")
    HdfFile hdf = HdfFile.fromByteBuffer(bytes.asByteBuffer());
    List<Dataset> datasets = new ArrayList<>();
    for (Node node : hdf.getChildren().values()) {
      if (!node.isLink() && node instanceof Dataset dataset) {
        datasets.add(dataset);
      }
    }
    Map<Long, NetcdfDimension> scales = new HashMap<>();
    for (Dataset dataset : datasets) {
      if (isScale(dataset)) {
        scales.put(dataset.getAddress(), dimension(dataset.getName(), dataset, 0));
      }
    }
    List<NetcdfVariable> variables = new ArrayList<>();
    for (Dataset dataset : datasets) {
      if (!text(dataset, "NAME").startsWith(NO_VARIABLE)) {
        variables.add(variable(dataset, dimensions(dataset, scales)));
      }
    }
    return new NetcdfHeader(attributes(hdf), List.copyOf(variables));
  }

  private static boolean isScale(Dataset dataset) {
    return text(dataset, "CLASS").equals("DIMENSION_SCALE") && dataset.getDimensions().length > 0;
  }

  private static String text(Node node, String attribute) {
    Attribute found = node.getAttribute(attribute);
    return found != null && found.getData() instanceof String text ? text : "";
  }

  private static NetcdfDimension dimension(String name, Dataset dataset, int place) {
    long[] most = dataset.getMaxSize();
    boolean unlimited = most != null && place < most.length && most[place] < 0;
    return new NetcdfDimension(name, dataset.getDimensions()[place], unlimited);
  }

  private NetcdfVariable variable(Dataset dataset, List<NetcdfDimension> dimensions) {
    String name = dataset.getName();
    NetcdfType type = type(dataset.getDataType());
    return new NetcdfVariable(
        file,
        name.startsWith(NO_COORDINATE) ? name.substring(NO_COORDINATE.length()) : name,
        type,
        dimensions,
        attributes(dataset),
        new Hdf5Values(
            file + ": variable " + name, dataset, type, order(dataset), bytes.byteSize()));
  }

  /** By the scales that are attached; a scale is its own first dimension. */
  private static List<NetcdfDimension> dimensions(
      Dataset dataset, Map<Long, NetcdfDimension> scales) {
    int[] shape = dataset.getDimensions();
    Attribute attached = shape.length == 0 ? null : dataset.getAttribute(SCALES);
    Object lists = attached == null ? null : attached.getData();
    List<NetcdfDimension> dimensions = new ArrayList<>();
    for (int i = 0; i < shape.length; i++) {
      NetcdfDimension scale = null;
      if (lists != null && i < Array.getLength(lists)) {
        Object references = Array.get(lists, i);
        scale = Array.getLength(references) == 0 ? null : scales.get(Array.getLong(references, 0));
      } else if (i == 0) {
        scale = scales.get(dataset.getAddress());
      }
      String name = scale == null ? "phony_dim_" + i : scale.name();
      NetcdfDimension own = dimension(name, dataset, i);
      dimensions.add(
          scale == null
              ? own
              : new NetcdfDimension(name, own.length(), own.unlimited() || scale.unlimited()));
    }
    return dimensions;
  }

  private static NetcdfType type(DataType type) {
    if (type instanceof FloatingPoint) {
      return switch (type.getSize()) {
        case Float.BYTES -> NetcdfType.FLOAT;
        case Double.BYTES -> NetcdfType.DOUBLE;
        default -> NetcdfType.OTHER;
      };
    }
    if (type instanceof FixedPoint integer
        && integer.getBitOffset() == 0
        && integer.getBitPrecision() == Byte.SIZE * integer.getSize()) {
      boolean signed = integer.isSigned();
      return switch (integer.getSize()) {
        case Byte.BYTES -> signed ? NetcdfType.BYTE : NetcdfType.UNSIGNED_BYTE;
        case Short.BYTES -> signed ? NetcdfType.SHORT : NetcdfType.UNSIGNED_SHORT;
        case Integer.BYTES -> signed ? NetcdfType.INT : NetcdfType.UNSIGNED_INT;
        case Long.BYTES -> signed ? NetcdfType.LONG : NetcdfType.OTHER;
        default -> NetcdfType.OTHER;
      };
    }
    return NetcdfType.OTHER;
  }

  private static ByteOrder order(Dataset dataset) {
    return switch (dataset.getDataType()) {
      case FloatingPoint number -> number.getByteOrder();
      case FixedPoint number -> number.getByteOrder();
      default -> ByteOrder.BIG_ENDIAN;
    };
  }

  private NetcdfAttributes attributes(Node node) {
    NetcdfAttributes attributes = new NetcdfAttributes();
    for (Attribute attribute : node.getAttributes().values()) {
      String name = attribute.getName();
      if (INTERNAL.contains(name) || attribute.isEmpty()) {
        continue;
      }
      if (attribute.getSizeInBytes() > bytes.byteSize() || attribute.getSizeInBytes() < 0) {
        throw new NetcdfException(
            String.format(
                Locale.ROOT,
                "%s: attribute %s promises %d bytes in a file of %d",
                file,
                name,
                attribute.getSizeInBytes(),
                bytes.byteSize()));
      }
      put(attributes, name, attribute.getData());
    }
    return attributes;
  }

  private static void put(NetcdfAttributes attributes, String name, Object value) {
    switch (value) {
      case String text -> attributes.put(name, text);
      case String[] texts when texts.length > 0 -> attributes.put(name, texts[0]);
      case Number number -> attributes.put(name, new double[] {number.doubleValue()});
      case Object numbers when isNumbers(numbers) -> {
        double[] converted = new double[Array.getLength(numbers)];
        Arrays.setAll(converted, i -> Array.getDouble(numbers, i));
        attributes.put(name, converted);
      }
      case null, default -> {
        // Structures and references: nothing that values are unpacked by.
      }
    }
  }

  private static boolean isNumbers(Object value) {
    Class<?> element = value.getClass().getComponentType();
    return element != null
        && element.isPrimitive()
        && element != boolean.class
        && element != char.class;
  }
}

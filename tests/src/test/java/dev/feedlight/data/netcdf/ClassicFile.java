package dev.feedlight.data.netcdf;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small files of the classic formats, honestly. */
public final class ClassicFile {
  /** Codes of the format. */
  public static final int BYTE = 1;

  /** 16 bits. */
  public static final int SHORT = 3;

  /** 32 bits. */
  public static final int INT = 4;

  /** 32 bits, IEEE. */
  public static final int FLOAT = 5;

  /** 64 bits, IEEE. */
  public static final int DOUBLE = 6;

  private static final int[] BYTES = {0, 1, 1, 2, 4, 4, 8};

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Variable(
      String name, int type, List<String> dims, Map<String, Object> attributes, double[] values) {}

  private final boolean longOffsets;
  private final Map<String, Integer> dimensions = new LinkedHashMap<>();
  private final List<Variable> variables = new ArrayList<>();
  private int records;
  private String unlimited;

  /**
   * A file of one of the two formats.
   *
   * @param longOffsets whether places have 64 bits
   */
  public ClassicFile(boolean longOffsets) {
    this.longOffsets = longOffsets;
  }

  /** A dimension. */
  public ClassicFile dimension(String name, int length) {
    dimensions.put(name, length);
    return this;
  }

  /** The unlimited dimension. */
  public ClassicFile records(String name, int count) {
    dimensions.put(name, 0);
    unlimited = name;
    records = count;
    return this;
  }

  /** A variable without attributes. */
  public ClassicFile variable(String name, int type, List<String> dims, double... values) {
    return variable(name, type, dims, Map.of(), values);
  }

  /** A variable; attributes are texts, or numbers written in its own type or as doubles. */
  public ClassicFile variable(
      String name, int type, List<String> dims, Map<String, Object> attributes, double... values) {
    variables.add(new Variable(name, type, dims, attributes, values));
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    // The header's length does not depend on the places in it.
    int header = header(new long[variables.size()]).length;
    long[] begins = new long[variables.size()];
    long at = header;
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < variables.size(); i++) {
        if (grows(variables.get(i)) == (pass == 1)) {
          begins[i] = at;
          at += padded(sliceBytes(variables.get(i)));
        }
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(header(begins));
    for (Variable variable : variables) {
      if (!grows(variable)) {
        file.writeBytes(stored(variable, 0, variable.values().length, true));
      }
    }
    List<Variable> grown = variables.stream().filter(this::grows).toList();
    for (int r = 0; r < records; r++) {
      for (Variable variable : grown) {
        int slice = variable.values().length / records;
        file.writeBytes(stored(variable, r * slice, slice, grown.size() > 1));
      }
    }
    return file.toByteArray();
  }

  private boolean grows(Variable variable) {
    return unlimited != null && variable.dims().contains(unlimited);
  }

  private int sliceBytes(Variable variable) {
    int slices = grows(variable) ? Math.max(1, records) : 1;
    return variable.values().length / slices * BYTES[variable.type()];
  }

  private static int padded(int bytes) {
    return bytes + 3 & ~3;
  }

  private static byte[] stored(Variable variable, int first, int count, boolean pad) {
    byte[] bytes =
        numbers(variable.type(), Arrays.copyOfRange(variable.values(), first, first + count));
    return pad ? Arrays.copyOf(bytes, padded(bytes.length)) : bytes;
  }

  private static byte[] numbers(int type, double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * BYTES[type]);
    for (double value : values) {
      switch (type) {
        case BYTE -> buffer.put((byte) value);
        case SHORT -> buffer.putShort((short) value);
        case INT -> buffer.putInt((int) value);
        case FLOAT -> buffer.putFloat((float) value);
        default -> buffer.putDouble(value);
      }
    }
    return buffer.array();
  }

  private byte[] header(long[] begins) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(new byte[] {'C', 'D', 'F', (byte) (longOffsets ? 2 : 1)});
      out.writeInt(records);
      list(out, 0x0A, dimensions.size());
      for (Map.Entry<String, Integer> dimension : dimensions.entrySet()) {
        text(out, dimension.getKey());
        out.writeInt(dimension.getValue());
      }
      list(out, 0x0C, 0);
      list(out, 0x0B, variables.size());
      List<String> names = List.copyOf(dimensions.keySet());
      for (int i = 0; i < variables.size(); i++) {
        Variable variable = variables.get(i);
        text(out, variable.name());
        out.writeInt(variable.dims().size());
        for (String dimension : variable.dims()) {
          out.writeInt(names.indexOf(dimension));
        }
        attributes(out, variable);
        out.writeInt(variable.type());
        out.writeInt(padded(sliceBytes(variable)));
        if (longOffsets) {
          out.writeLong(begins[i]);
        } else {
          out.writeInt(Math.toIntExact(begins[i]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void attributes(DataOutputStream out, Variable variable) throws IOException {
    list(out, 0x0C, variable.attributes().size());
    for (Map.Entry<String, Object> attribute : variable.attributes().entrySet()) {
      text(out, attribute.getKey());
      if (attribute.getValue() instanceof String value) {
        out.writeInt(2);
        text(out, value);
        continue;
      }
      double[] values =
          attribute.getValue() instanceof double[] many
              ? many
              : new double[] {((Number) attribute.getValue()).doubleValue()};
      // As the convention wants it: marks in the type of the values, factors as doubles.
      boolean mark = attribute.getKey().startsWith("_") || attribute.getKey().contains("missing");
      int type = mark || attribute.getKey().startsWith("valid") ? variable.type() : DOUBLE;
      out.writeInt(type);
      out.writeInt(values.length);
      byte[] stored = numbers(type, values);
      out.write(Arrays.copyOf(stored, padded(stored.length)));
    }
  }

  private static void list(DataOutputStream out, int tag, int count) throws IOException {
    out.writeInt(count == 0 ? 0 : tag);
    out.writeInt(count);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(Arrays.copyOf(bytes, padded(bytes.length)));
  }
}

package dev.feedlight.io;

import com.fasterxml.jackson.core.JsonToken;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON header of a safetensors file, read straight into tensors. A tensor costs its reader some
 * twenty bytes of heap for each byte that its shortest entry has.
 *
 * @param entries in the order of their bytes, which they cover without a gap
 * @param metadata free text, in the order of the header
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  /** The key that is no tensor. */
  static final String METADATA = "__metadata__";

  /**
   * A tensor and its bytes in the data area.
   *
   * @param info name, type, extents
   * @param begin first byte, from the start of the data area
   */
  record Entry(TensorInfo info, long begin) {
    private long end() {
      return begin + info.bytes();
    }
  }

  /**
   * Reads a header and checks all of it.
   *
   * @param json the header, spaces at its end included
   * @param dataBytes what follows it in the file
   * @param source for messages
   * @throws FormatException if anything is wrong
   */
  static SafetensorsHeader read(byte[] json, long dataBytes, String source) {
    JsonText tokens = new JsonText(json, json.length, source);
    tokens.expect(JsonToken.START_OBJECT);
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = null;
    Set<String> names = new HashSet<>();
    while (tokens.next() == JsonToken.FIELD_NAME) {
      String name = tokens.string();
      if (name.equals(METADATA)) {
        if (metadata != null) {
          throw tokens.fault("the key " + METADATA + " occurs twice");
        }
        metadata = metadata(tokens);
      } else {
        if (!names.add(name)) {
          throw tokens.fault("the tensor \"" + name + "\" occurs twice");
        }
        entries.add(entry(tokens, name));
      }
    }
    tokens.expectEnd();
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    requireExactCover(entries, dataBytes, source);
    return new SafetensorsHeader(
        List.copyOf(entries), metadata == null ? Map.of() : Collections.unmodifiableMap(metadata));
  }

  private static Map<String, String> metadata(JsonText tokens) {
    tokens.expect(JsonToken.START_OBJECT);
    Map<String, String> metadata = new LinkedHashMap<>();
    while (tokens.next() == JsonToken.FIELD_NAME) {
      String key = tokens.string();
      tokens.expect(JsonToken.VALUE_STRING);
      if (metadata.putIfAbsent(key, tokens.string()) != null) {
        throw tokens.fault("the key \"" + key + "\" occurs twice in " + METADATA);
      }
    }
    return metadata;
  }

  private static Entry entry(JsonText tokens, String name) {
    tokens.expect(JsonToken.START_OBJECT);
    StoredType type = null;
    List<Long> extents = null;
    List<Long> offsets = null;
    while (tokens.next() == JsonToken.FIELD_NAME) {
      String key = tokens.string();
      switch (key) {
        case "dtype" -> type = once(tokens, name, key, type, type(tokens, name));
        case "shape" -> extents = once(tokens, name, key, extents, integers(tokens, name, key));
        case "data_offsets" ->
            offsets = once(tokens, name, key, offsets, integers(tokens, name, key));
        default -> throw tokens.fault(of(name) + "unknown key \"" + key + "\"");
      }
    }
    if (type == null || extents == null || offsets == null) {
      throw tokens.fault(of(name) + "needs dtype, shape and data_offsets, and lacks some");
    }
    long bytes = TensorInfo.bytesOf(extents, type);
    if (bytes < 0) {
      throw tokens.fault(
          of(name)
              + type
              + extents
              + " has a negative extent or more than "
              + Long.MAX_VALUE
              + " bytes");
    }
    if (offsets.size() != 2 || offsets.getFirst() < 0 || offsets.getLast() < offsets.getFirst()) {
      throw tokens.fault(of(name) + "data_offsets " + offsets + " are no begin and end");
    }
    if (offsets.getLast() - offsets.getFirst() != bytes) {
      throw tokens.fault(
          of(name)
              + type
              + extents
              + " has "
              + bytes
              + " bytes, but data_offsets "
              + offsets
              + " hold "
              + (offsets.getLast() - offsets.getFirst()));
    }
    return new Entry(new TensorInfo(name, type, extents), offsets.getFirst());
  }

  private static StoredType type(JsonText tokens, String name) {
    tokens.expect(JsonToken.VALUE_STRING);
    String text = tokens.string();
    for (StoredType type : StoredType.values()) {
      if (type.name().equals(text)) {
        return type;
      }
    }
    throw tokens.fault(of(name) + "unknown dtype \"" + text + "\"");
  }

  private static List<Long> integers(JsonText tokens, String name, String key) {
    tokens.expect(JsonToken.START_ARRAY);
    List<Long> integers = new ArrayList<>();
    for (JsonToken token = tokens.next(); token != JsonToken.END_ARRAY; token = tokens.next()) {
      if (token != JsonToken.VALUE_NUMBER_INT) {
        throw tokens.fault(of(name) + key + " holds what is no integer");
      }
      if (integers.size() == TensorInfo.MAX_DIMENSIONS) {
        throw tokens.fault(
            of(name) + key + " has more than " + TensorInfo.MAX_DIMENSIONS + " numbers");
      }
      integers.add(tokens.integer());
    }
    return integers;
  }

  private static <T> T once(JsonText tokens, String name, String key, T before, T now) {
    if (before != null) {
      throw tokens.fault(of(name) + "the key \"" + key + "\" occurs twice");
    }
    return now;
  }

  private static String of(String name) {
    return "tensor \"" + name + "\": ";
  }

  private static void requireExactCover(List<Entry> entries, long dataBytes, String source) {
    long covered = 0;
    for (Entry entry : entries) {
      if (entry.begin() != covered) {
        throw new FormatException(
            source,
            of(entry.info().name())
                + "begins at byte "
                + entry.begin()
                + " of the data, "
                + (entry.begin() < covered ? "inside of" : "with a gap behind")
                + " what ends at "
                + covered);
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw new FormatException(
          source, "the tensors have " + covered + " bytes, the file has " + dataBytes + " of data");
    }
  }
}

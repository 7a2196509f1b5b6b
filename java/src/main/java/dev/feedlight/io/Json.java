package dev.feedlight.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Small JSON files (RFC 8259), read strictly: what has two readings is refused. UTF-8 without a
 * byte order mark, no key twice in an object, no integer beyond 64 bits, no number beyond a double,
 * no unpaired surrogates, nothing after the object.
 *
 * <p>The heap that a text needs grows with it: up to some forty bytes, most of them free again at
 * once, for each byte of text that is nothing but short numbers or empty objects. So whoever reads
 * what others wrote limits its size first.
 */
public final class Json {
  /** Deepest nesting; the outermost object counts as one (ours). */
  public static final int MAX_NESTING = 32;

  private static final JsonFactory FACTORY =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

  private Json() {}

  /**
   * Reads one object.
   *
   * @param text UTF-8
   * @param source what messages call it, for example the path of the file
   * @return keys in the order of the text; a value is a {@code LinkedHashMap<String, Object>}, a
   *     {@code List<Object>}, a {@code String}, a {@code Long} (a number without fraction and
   *     exponent), a {@code Double} (any other number), a {@code Boolean} or null
   * @throws FormatException if the text is anything else, with line and column
   */
  public static Map<String, Object> readObject(byte[] text, String source) {
    JsonText tokens = new JsonText(text, text.length, source);
    tokens.expect(JsonToken.START_OBJECT);
    Map<String, Object> object = object(tokens);
    tokens.expectEnd();
    return object;
  }

  private static Map<String, Object> object(JsonText tokens) {
    Map<String, Object> object = new LinkedHashMap<>();
    while (tokens.next() == JsonToken.FIELD_NAME) {
      String key = tokens.string();
      if (object.containsKey(key)) {
        throw tokens.fault("the key \"" + key + "\" occurs twice in one object");
      }
      object.put(key, value(tokens, tokens.next()));
    }
    return object;
  }

  private static List<Object> array(JsonText tokens) {
    List<Object> array = new ArrayList<>();
    for (JsonToken token = tokens.next(); token != JsonToken.END_ARRAY; token = tokens.next()) {
      array.add(value(tokens, token));
    }
    return array;
  }

  // Recursion ends: the parser refuses nesting beyond MAX_NESTING, and a text that breaks off.
  private static Object value(JsonText tokens, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(tokens);
      case START_ARRAY -> array(tokens);
      case VALUE_STRING -> tokens.string();
      case VALUE_NUMBER_INT -> tokens.integer();
      case VALUE_NUMBER_FLOAT -> tokens.real();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw tokens.fault("expected a value, not " + token);
    };
  }

  /**
   * Writes one object, indented, keys in the order of the map, with a line feed at the end.
   *
   * @param object values as {@link #readObject} gives them, and also {@code Integer}, {@code
   *     Short}, {@code Byte} and {@code Float}; reals are written as {@code Double.toString} and
   *     {@code Float.toString} write them
   * @return UTF-8
   * @throws IllegalArgumentException if a number is not finite, a string has half a surrogate pair,
   *     the nesting exceeds {@link #MAX_NESTING}, or a value is of another type
   */
  public static byte[] writeObject(Map<String, ?> object) {
    return write(
        object,
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withRootSeparator(null)
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n")),
        "\n");
  }

  /** The same on one line and without blanks. */
  static byte[] writeCompactObject(Map<String, ?> object) {
    return write(object, null, "");
  }

  private static byte[] write(Map<String, ?> object, PrettyPrinter printer, String end) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      generator.setPrettyPrinter(printer);
      write(generator, object, "the object", 1);
      generator.writeRaw(end);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: an array does not fail
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator out, Object value, String place, int depth)
      throws IOException {
    if (depth > MAX_NESTING && (value instanceof Map || value instanceof List)) {
      throw new IllegalArgumentException(place + " is nested deeper than " + MAX_NESTING);
    }
    switch (value) {
      case null -> out.writeNull();
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          if (!(entry.getKey() instanceof String key)) {
            throw new IllegalArgumentException(place + " has a key that is no string");
          }
          out.writeFieldName(sound(key, place));
          write(out, entry.getValue(), key, depth + 1);
        }
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        for (Object element : list) {
          write(out, element, place, depth + 1);
        }
        out.writeEndArray();
      }
      case String text -> out.writeString(sound(text, place));
      case Boolean flag -> out.writeBoolean(flag);
      case Double real -> out.writeNumber(finite(real, place));
      case Float real -> {
        finite(real, place);
        out.writeNumber(real);
      }
      case Long integer -> out.writeNumber(integer);
      case Integer integer -> out.writeNumber(integer);
      case Short integer -> out.writeNumber(integer);
      case Byte integer -> out.writeNumber(integer);
      default ->
          throw new IllegalArgumentException(
              place + " has a value of " + value.getClass() + ", which JSON has not");
    }
  }

  private static double finite(double value, String place) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(place + " is " + value + ", which JSON has not");
    }
    return value;
  }

  private static String sound(String text, String place) {
    if (!JsonText.isSound(text)) {
      throw new IllegalArgumentException(place + " has a string with half a surrogate pair");
    }
    return text;
  }
}

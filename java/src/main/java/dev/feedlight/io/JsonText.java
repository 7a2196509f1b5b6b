package dev.feedlight.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The tokens of one strict JSON text (RFC 8259), every fault as a {@link FormatException} with its
 * place. UTF-8 alone, without a byte order mark; strings are sound Unicode.
 */
final class JsonText {
  /** Nothing shared, nothing kept between texts: no table of names, no pool of buffers. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Json.MAX_NESTING).build())
          .build();

  private final String source;
  private final JsonParser parser;

  JsonText(byte[] text, int length, String source) {
    this.source = source;
    if (length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF) {
      throw new FormatException(source, "begins with a byte order mark, which JSON has not");
    }
    try {
      // A decoder of its own: the one that Jackson would choose replaces what is not UTF-8.
      parser =
          FACTORY.createParser(
              new InputStreamReader(
                  new ByteArrayInputStream(text, 0, length), StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException e) {
      throw new FormatException(source, "cannot be read: " + e, e);
    }
  }

  /** The next token, or null at the end of the text. */
  JsonToken next() {
    try {
      return parser.nextToken();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** The next token, which must be of the given kind. */
  void expect(JsonToken expected) {
    JsonToken token = next();
    if (token != expected) {
      throw fault("expected " + name(expected) + ", not " + name(token));
    }
  }

  /** The text must end here. */
  void expectEnd() {
    JsonToken token = next();
    if (token != null) {
      throw fault("the text goes on after its object with " + name(token));
    }
  }

  /** The name or string that the current token is. */
  String string() {
    String text;
    try {
      text = parser.getText();
    } catch (IOException e) {
      throw fault(e);
    }
    if (!isSound(text)) {
      throw fault("a string has half a surrogate pair");
    }
    return text;
  }

  /** The integer that the current token is. */
  long integer() {
    try {
      return switch (parser.getNumberType()) {
        case INT, LONG -> parser.getLongValue();
        default ->
            throw fault(
                "the integer " + shorten(parser.getText()) + " does not fit a signed 64-bit one");
      };
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** The number with a fraction or an exponent that the current token is. */
  double real() {
    try {
      double value = parser.getDoubleValue();
      if (!Double.isFinite(value)) {
        throw fault("the number " + shorten(parser.getText()) + " does not fit a double");
      }
      return value;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** A fault at the current token. */
  FormatException fault(String problem) {
    return new FormatException(source, place() + ": " + problem);
  }

  private FormatException fault(IOException e) {
    return switch (e) {
      case JsonProcessingException json when json.getLocation() != null ->
          new FormatException(
              source, place(json.getLocation()) + ": " + json.getOriginalMessage(), e);
      case JsonProcessingException json ->
          new FormatException(source, place() + ": " + json.getOriginalMessage(), e);
      case CharacterCodingException _ ->
          new FormatException(source, place() + ": what follows is not UTF-8", e);
      default -> new FormatException(source, place() + ": cannot be read: " + e, e);
    };
  }

  private String place() {
    return place(parser.currentTokenLocation());
  }

  private static String place(JsonLocation at) {
    return String.format(Locale.ROOT, "line %d, column %d", at.getLineNr(), at.getColumnNr());
  }

  private static String shorten(String text) {
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }

  private static String name(JsonToken token) {
    return switch (token) {
      case null -> "the end of the text";
      case START_OBJECT -> "an object";
      case END_OBJECT -> "the end of an object";
      case START_ARRAY -> "an array";
      case END_ARRAY -> "the end of an array";
      case FIELD_NAME -> "a key";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "an integer";
      case VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> token.toString();
    };
  }

  /** Whether every surrogate has its other half. */
  static boolean isSound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}

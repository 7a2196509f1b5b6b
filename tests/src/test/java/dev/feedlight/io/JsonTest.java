package dev.feedlight.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @Test
  void everyKindOfValueIsRead() {
    Map<String, Object> object =
        read(
            """
            {"s": "a\\u00e9\\ud83d\\ude00\\n", "l": -9223372036854775808, "d": 1.5, "e": 1e3,
             "t": true, "f": false, "n": null, "a": [1, [], {"x": 2}], "o": {}, "": "empty key"}
            """);
    assertThat(object.keySet()).containsExactly("s", "l", "d", "e", "t", "f", "n", "a", "o", "");
    assertThat(object)
        .containsEntry("s", "aé\uD83D\uDE00\n")
        .containsEntry("l", Long.MIN_VALUE)
        .containsEntry("d", 1.5)
        .containsEntry("e", 1000.0)
        .containsEntry("t", true)
        .containsEntry("f", false)
        .containsEntry("n", null)
        .containsEntry("a", List.of(1L, List.of(), Map.of("x", 2L)))
        .containsEntry("o", Map.of());
  }

  @Test
  void writingAndReadingIsTheIdentity() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("z", Long.MAX_VALUE);
    object.put("a", -0.0);
    object.put("doubles", List.of(Double.MIN_VALUE, Double.MAX_VALUE, 0.1, 1e21, 5e-7));
    object.put("text", "\"\\\u0000\u001f\u007f\u2028é\uD83D\uDE00");
    object.put("none", null);
    object.put("nested", Map.of("list", Arrays.asList(true, null, "x")));
    assertThat(Json.readObject(Json.writeObject(object), "back").entrySet())
        .containsExactlyElementsOf(object.entrySet());
  }

  @Test
  void numbersAreWrittenAsJavaWritesThem() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("double", 1e21);
    object.put("float", 0.1f);
    object.put("int", 7);
    object.put("empty", Map.of());
    object.put("list", List.of(1, 2));
    assertThat(new String(Json.writeObject(object), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {
              "double": 1.0E21,
              "float": 0.1,
              "int": 7,
              "empty": { },
              "list": [ 1, 2 ]
            }
            """);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void numbersThatAreNotFiniteAreNotWritten(double value) {
    assertThatThrownBy(() -> Json.writeObject(Map.of("rate", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rate is " + value);
    assertThatThrownBy(() -> Json.writeObject(Map.of("rate", (float) value)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatJsonHasNotIsNotWritten() {
    assertThatThrownBy(() -> Json.writeObject(Map.of("x", new int[1])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Json.writeObject(Map.of("x", "\uD83D")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Json.writeObject(Map.of("x", Map.of(1, 2))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Json.writeObject(nested(Json.MAX_NESTING + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nestingIsAllowedUpToTheLimitAlone() {
    Map<String, Object> deepest = nested(Json.MAX_NESTING);
    assertThat(Json.readObject(Json.writeObject(deepest), "deep")).isEqualTo(deepest);
    String tooDeep = "{\"a\":".repeat(Json.MAX_NESTING) + "{}" + "}".repeat(Json.MAX_NESTING);
    assertThatExceptionOfType(FormatException.class).isThrownBy(() -> read(tooDeep));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1, \"b\": 2, \"a\": 3} | line 1, column 18: the key \"a\" occurs twice",
        "{\"a\": {\"x\": 1, \"x\": 1}} | \"x\" occurs twice",
        "{\"a\": 9223372036854775808} | the integer 9223372036854775808 does not fit",
        "{\"a\": -9223372036854775809} | does not fit",
        "{\"a\": 1e400} | the number 1e400 does not fit a double",
        "{\"a\": NaN} | NaN",
        "{\"a\": Infinity} | Infinity",
        "{\"a\": -Infinity} | line 1",
        "{\"a\": 1} x | line 1",
        "{\"a\": 1} {} | goes on after its object with an object",
        "{\"a\": 1,} | line 1",
        "{\"a\": [1,]} | line 1",
        "{\"a\": 01} | line 1",
        "{\"a\": +1} | line 1",
        "{\"a\": .5} | line 1",
        "{\"a\": 1.} | line 1",
        "{'a': 1} | line 1",
        "{a: 1} | line 1",
        "{\"a\": /* */ 1} | line 1",
        "{\"a\": \"\\x\"} | line 1",
        "{\"a\": \"\\ud83d\"} | half a surrogate pair",
        "{\"\\ude00\": 1} | surrogate",
        "{\"a\": 1 | end",
        "{\"a\": [1} | line 1",
        "[1] | expected an object, not an array",
        "17 | expected an object, not an integer",
        "`` | expected an object, not the end of the text",
      })
  void whatHasTwoReadingsIsRefused(String text, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> read(text))
        .withMessageStartingWith("some file: ")
        .withMessageContaining(message);
  }

  @Test
  void controlCharactersInsideOfStringsAreRefused() {
    assertThatExceptionOfType(FormatException.class).isThrownBy(() -> read("{\"a\": \"x\ny\"}"));
  }

  @Test
  void onlyUtf8IsRead() {
    byte[] latin = "{\"a\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Json.readObject(latin, "latin"))
        .withMessageContaining("is not UTF-8");
    byte[] mark = "\uFEFF{}".getBytes(StandardCharsets.UTF_8);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Json.readObject(mark, "mark"))
        .withMessageContaining("byte order mark");
    byte[] wide = "{\"a\": 1}".getBytes(StandardCharsets.UTF_16LE);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Json.readObject(wide, "wide"));
    // A slash in two bytes: overlong forms are no UTF-8.
    byte[] overlong = {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'};
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Json.readObject(overlong, "overlong"));
  }

  private static Map<String, Object> nested(int depth) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 1; i < depth; i++) {
      object = new LinkedHashMap<>(Map.of("a", object));
    }
    return object;
  }

  private static Map<String, Object> read(String text) {
    return Json.readObject(text.getBytes(StandardCharsets.UTF_8), "some file");
  }
}

package dev.feedlight.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Changes of JSON, and of Python's literals, that keep most of their grammar: numbers, strings and
 * members are replaced, exchanged, doubled and lost. Bytes are taken for Latin letters, so that any
 * of them stay what they are.
 */
final class TextEdits {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final Pattern STRING = Pattern.compile("\"[^\"]*\"|'[^']*'");
  private static final Pattern TOKEN =
      Pattern.compile(STRING.pattern() + "|" + NUMBER.pattern() + "|\\w+|[\\[\\]{}(),:]");
  private static final Pattern MEMBER =
      Pattern.compile("(" + STRING.pattern() + ")\\s*:\\s*[^,\\[({]*(\\[[^\\]]*\\]|\\([^)]*\\))?");

  private static final List<String> NUMBERS =
      List.of(
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "18446744073709551615",
          "4611686018427387904",
          "1e400",
          "-0",
          "1e-400",
          "0.5",
          "1".repeat(2000));

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "False",
          "NaN",
          "-Infinity",
          "[]",
          "{}",
          "()",
          "\"\"",
          "''",
          "\"__metadata__\"",
          "\"F32\"",
          "\"F16\"",
          "'<f8'",
          "'>f2'",
          "'|O'",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\u00ff",
          "\u00ef\u00bb\u00bf");

  private TextEdits() {}

  static List<Edit> all() {
    return List.of(
        TextEdits::replaceNumber,
        TextEdits::replaceToken,
        TextEdits::exchange,
        TextEdits::doubleMember,
        TextEdits::dropMember,
        TextEdits::renameMember,
        TextEdits::nest,
        TextEdits::blank);
  }

  private static byte[] replaceNumber(byte[] file, RandomGenerator random) {
    String by =
        random.nextBoolean()
            ? String.valueOf(ByteEdits.telling(random))
            : NUMBERS.get(random.nextInt(NUMBERS.size()));
    return replaceOne(file, NUMBER, by, random);
  }

  private static byte[] replaceToken(byte[] file, RandomGenerator random) {
    return replaceOne(file, TOKEN, VALUES.get(random.nextInt(VALUES.size())), random);
  }

  /** Two numbers, or two tokens, in each other's place. */
  private static byte[] exchange(byte[] file, RandomGenerator random) {
    String text = text(file);
    List<MatchResult> found = find(text, random.nextInt(4) > 0 ? NUMBER : TOKEN);
    if (found.size() < 2) {
      return file;
    }
    int i = random.nextInt(found.size() - 1);
    MatchResult one = found.get(i);
    MatchResult two = found.get(i + 1 + random.nextInt(found.size() - i - 1));
    return bytes(
        text.substring(0, one.start())
            + two.group()
            + text.substring(one.end(), two.start())
            + one.group()
            + text.substring(two.end()));
  }

  private static byte[] doubleMember(byte[] file, RandomGenerator random) {
    String text = text(file);
    MatchResult member = pick(text, MEMBER, random);
    return member == null
        ? file
        : bytes(text.substring(0, member.end()) + "," + text.substring(member.start()));
  }

  private static byte[] dropMember(byte[] file, RandomGenerator random) {
    String text = text(file);
    MatchResult member = pick(text, MEMBER, random);
    if (member == null) {
      return file;
    }
    int end = member.end();
    if (end < text.length() && text.charAt(end) == ',') {
      end++;
    }
    return bytes(text.substring(0, member.start()) + text.substring(end));
  }

  /** A string takes the place of another: a key occurs twice, a type becomes another. */
  private static byte[] renameMember(byte[] file, RandomGenerator random) {
    MatchResult other = pick(text(file), STRING, random);
    return other == null ? file : replaceOne(file, STRING, other.group(), random);
  }

  private static byte[] nest(byte[] file, RandomGenerator random) {
    String open = List.of("[", "{\"a\":", "(").get(random.nextInt(3));
    int depth = 1 + random.nextInt(random.nextInt(8) == 0 ? 2000 : 50);
    String close = random.nextBoolean() ? "" : (open.equals("[") ? "]" : "}").repeat(depth);
    return replaceOne(file, TOKEN, open.repeat(depth) + close, random);
  }

  /** White space between tokens means nothing, but it moves all that comes behind it. */
  private static byte[] blank(byte[] file, RandomGenerator random) {
    String text = text(file);
    MatchResult token = pick(text, TOKEN, random);
    String blanks = List.of(" ", "\n", "\t", "\r\n", " ".repeat(300)).get(random.nextInt(5));
    return token == null
        ? file
        : bytes(text.substring(0, token.start()) + blanks + text.substring(token.start()));
  }

  private static byte[] replaceOne(
      byte[] file, Pattern pattern, String by, RandomGenerator random) {
    String text = text(file);
    MatchResult found = pick(text, pattern, random);
    return found == null
        ? file
        : bytes(text.substring(0, found.start()) + by + text.substring(found.end()));
  }

  private static MatchResult pick(String text, Pattern pattern, RandomGenerator random) {
    List<MatchResult> found = find(text, pattern);
    return found.isEmpty() ? null : found.get(random.nextInt(found.size()));
  }

  private static List<MatchResult> find(String text, Pattern pattern) {
    return new ArrayList<>(pattern.matcher(text).results().toList());
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}

package dev.feedlight.data.text;

/**
 * Cuts text into words, within which tokens stay. The words are those of GPT-2's pattern
 *
 * <pre>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</pre>
 *
 * <p>which Hugging Face calls {@code ByteLevel} with {@code use_regex}: a word keeps the blank
 * before it, and of several blanks all but the last stay together. Written out instead of as a
 * regular expression, because it then works on bytes, and on any bytes: one that is no UTF-8 counts
 * as a symbol.
 */
final class Words {
  private static final String[] CONTRACTIONS = {"s", "t", "re", "ve", "m", "ll", "d"};

  private final byte[] text;

  /** What a character is for the pattern. */
  private enum Kind {
    LETTER,
    NUMBER,
    SPACE,
    SYMBOL
  }

  private static final Kind[] ASCII = new Kind[0x80];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = kind(c);
    }
  }

  /** The words of a text, which is not copied. */
  Words(byte[] text) {
    this.text = text;
  }

  /** Where the word ends that begins at a place. */
  int end(int start) {
    if (text[start] == '\'') {
      int contraction = contraction(start + 1);
      if (contraction > 0) {
        return start + 1 + contraction;
      }
    }
    boolean blankBefore =
        text[start] == ' ' && start + 1 < text.length && kindAt(start + 1) != Kind.SPACE;
    int first = blankBefore ? start + 1 : start;
    Kind kind = kindAt(first);
    int last = first;
    int end = next(first);
    while (end < text.length && kindAt(end) == kind) {
      last = end;
      end = next(end);
    }
    // The last blank belongs to the word that follows, if there is one.
    return kind == Kind.SPACE && end < text.length && last > start ? last : end;
  }

  private int contraction(int at) {
    for (String ending : CONTRACTIONS) {
      int matched = 0;
      while (matched < ending.length()
          && at + matched < text.length
          && text[at + matched] == ending.charAt(matched)) {
        matched++;
      }
      if (matched == ending.length()) {
        return matched;
      }
    }
    return 0;
  }

  private int next(int at) {
    return text[at] >= 0 ? at + 1 : at + Utf8.bytes(Utf8.codePoint(text, at));
  }

  private Kind kindAt(int at) {
    return text[at] >= 0 ? ASCII[text[at]] : kind(Utf8.codePoint(text, at));
  }

  private static Kind kind(int point) {
    if (point < 0) {
      return Kind.SYMBOL;
    }
    if (isWhiteSpace(point)) {
      return Kind.SPACE;
    }
    return switch (Character.getType(point)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          Kind.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Kind.NUMBER;
      default -> Kind.SYMBOL;
    };
  }

  /** Unicode's White_Space, which no method of Character is. */
  private static boolean isWhiteSpace(int point) {
    return switch (point) {
      case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680 -> true;
      case 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default -> point >= 0x2000 && point <= 0x200A;
    };
  }
}

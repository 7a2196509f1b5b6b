package dev.feedlight.io;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the dictionary of a npy header: the part of Python's literals that NumPy writes there, and
 * nothing else, so that nothing is ever evaluated.
 */
final class NpyDictionary {
  private final String text;
  private final String source;
  private int at;

  NpyDictionary(String text, String source) {
    this.text = text;
    this.source = source;
  }

  /** NumPy's name of a type, without byte order; null if it has none. */
  static String code(StoredType type) {
    return switch (type) {
      case BOOL -> "b1";
      case U8 -> "u1";
      case I8 -> "i1";
      case I16 -> "i2";
      case U16 -> "u2";
      case F16 -> "f2";
      case I32 -> "i4";
      case U32 -> "u4";
      case F32 -> "f4";
      case C64 -> "c8";
      case F64 -> "f8";
      case I64 -> "i8";
      case U64 -> "u8";
      case BF16, F8_E4M3, F8_E5M2, F8_E8M0 -> null;
    };
  }

  /** The whole text as a header of the given length. */
  NpyHeader header(int bytes) {
    String descr = null;
    Boolean fortran = null;
    List<Long> extents = null;
    take('{');
    while (peek() != '}') {
      String key = string();
      take(':');
      boolean again;
      switch (key) {
        case "descr" -> {
          again = descr != null;
          descr = string();
        }
        case "fortran_order" -> {
          again = fortran != null;
          fortran = bool();
        }
        case "shape" -> {
          again = extents != null;
          extents = tuple();
        }
        default -> throw fault("has the unknown key '" + key + "'");
      }
      if (again) {
        throw fault("has the key '" + key + "' twice");
      }
      if (peek() != '}') {
        take(',');
      }
    }
    take('}');
    if (peek() != 0) {
      throw fault("goes on after its dictionary");
    }
    if (descr == null || fortran == null || extents == null) {
      throw fault("needs descr, fortran_order and shape, and lacks some");
    }
    StoredType type = type(descr);
    return new NpyHeader(type, order(descr, type), fortran, List.copyOf(extents), bytes);
  }

  private StoredType type(String descr) {
    if (!descr.isEmpty()) {
      for (StoredType type : StoredType.values()) {
        if (descr.substring(1).equals(code(type))) {
          return type;
        }
      }
    }
    throw fault("has the type '" + descr + "', which is none of numbers that are known here");
  }

  private ByteOrder order(String descr, StoredType type) {
    char sign = descr.charAt(0);
    if (sign == '<' || (sign == '|' && type.bytes() == 1)) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    if (sign == '>') {
      return ByteOrder.BIG_ENDIAN;
    }
    throw fault("has the type '" + descr + "' without a byte order");
  }

  /** The next character behind blanks, or 0 at the end. */
  private char peek() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void take(char expected) {
    if (peek() != expected) {
      throw fault("lacks a " + expected);
    }
    at++;
  }

  private String string() {
    char quote = peek();
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw fault("lacks a string");
    }
    String string = text.substring(at + 1, end);
    if (string.indexOf('\\') >= 0) {
      throw fault("has a backslash in a string");
    }
    at = end + 1;
    return string;
  }

  private boolean bool() {
    boolean value = peek() == 'T';
    String word = value ? "True" : "False";
    if (!text.startsWith(word, at)) {
      throw fault("lacks True or False");
    }
    at += word.length();
    return value;
  }

  private List<Long> tuple() {
    List<Long> numbers = new ArrayList<>();
    take('(');
    boolean comma = true;
    while (peek() != ')') {
      if (!comma) {
        throw fault("lacks a comma in its shape");
      }
      if (numbers.size() == TensorInfo.MAX_DIMENSIONS) {
        throw fault("has more than " + TensorInfo.MAX_DIMENSIONS + " dimensions");
      }
      numbers.add(integer());
      comma = peek() == ',';
      if (comma) {
        at++;
      }
    }
    take(')');
    if (numbers.size() == 1 && !comma) {
      throw fault("has a number in brackets for a shape");
    }
    return numbers;
  }

  private long integer() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String digits = text.substring(start, at);
    if (digits.isEmpty() || digits.length() > 19) {
      throw fault("has an extent that is no number from 0 to " + Long.MAX_VALUE);
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new FormatException(
          source, "the npy header has the extent " + digits + ", more than " + Long.MAX_VALUE, e);
    }
  }

  private FormatException fault(String problem) {
    return new FormatException(source, "the npy header " + problem + ", at character " + at);
  }
}

package dev.feedlight.bench.optics;

import dev.feedlight.data.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ternary vectors from a text file: one vector a line, numbers separated by blanks, tabs or commas.
 * Empty lines and lines that begin with # are passed over.
 *
 * @param inputs entries of a vector
 * @param vectors -1, 0 or 1 per entry, one array per vector
 */
public record VectorFile(int inputs, List<byte[]> vectors) {
  /** A longer token is no number anyway. */
  private static final int LONGEST_SHOWN = 24;

  /** Keeps a copy of the list. */
  public VectorFile {
    vectors = List.copyOf(vectors);
  }

  /**
   * Reads a file as a whole.
   *
   * @param file text, UTF-8
   * @param most entries that a vector may have
   * @return at least one vector
   * @throws DataException if there is no such file, no vector in it, or a line that is not as long
   *     as the first, too long, or holds anything but -1, 0 and 1; names the line
   * @throws IOException if it cannot be read
   */
  public static VectorFile read(Path file, long most) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new DataException(file + " is no file that can be read");
    }
    List<byte[]> vectors = new ArrayList<>();
    int firstLine = 0;
    // A reader replaces what is no UTF-8, so that it is refused as "no number" with its line.
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        number++;
        String content = text.strip();
        if (content.isEmpty() || content.startsWith("#")) {
          continue;
        }
        Line line = new Line(file, number, content);
        byte[] vector = line.entries(most);
        if (vectors.isEmpty()) {
          firstLine = number;
        } else if (vector.length != vectors.getFirst().length) {
          throw line.refused(
              "has "
                  + vector.length
                  + " numbers, but line "
                  + firstLine
                  + " has "
                  + vectors.getFirst().length);
        }
        vectors.add(vector);
      }
    }
    if (vectors.isEmpty()) {
      throw new DataException(file + " holds no vector: a line of numbers -1, 0 and 1 is one");
    }
    return new VectorFile(vectors.getFirst().length, vectors);
  }

  /**
   * Share of entries that are not 0.
   *
   * @return in [0, 1]
   */
  public double density() {
    long lit = 0;
    for (byte[] vector : vectors) {
      for (byte entry : vector) {
        lit += entry == 0 ? 0 : 1;
      }
    }
    return (double) lit / inputs / vectors.size();
  }

  /** One line that is neither empty nor a comment. */
  private record Line(Path file, int number, String text) {
    byte[] entries(long most) {
      List<String> tokens = tokens();
      if (tokens.size() > most) {
        throw refused("has " + tokens.size() + " numbers, more than the " + most + " mirrors");
      }
      byte[] entries = new byte[tokens.size()];
      for (int i = 0; i < entries.length; i++) {
        entries[i] = entry(i + 1, tokens.get(i));
      }
      return entries;
    }

    /** A comma with blanks around it, or blanks alone; between two commas is an empty token. */
    private List<String> tokens() {
      List<String> tokens = new ArrayList<>();
      int at = 0;
      while (true) {
        int end = at;
        while (end < text.length() && !isSeparator(text.charAt(end))) {
          end++;
        }
        tokens.add(text.substring(at, end));
        if (end == text.length()) {
          return tokens;
        }
        boolean comma = false;
        while (end < text.length() && isSeparator(text.charAt(end))) {
          if (text.charAt(end) == ',') {
            if (comma) {
              break;
            }
            comma = true;
          }
          end++;
        }
        at = end;
      }
    }

    private static boolean isSeparator(char c) {
      return c == ',' || Character.isWhitespace(c);
    }

    private byte entry(int place, String token) {
      if (token.isEmpty()) {
        throw refused("lacks a number in place " + place + ", beside a comma");
      }
      double value;
      try {
        value = Double.parseDouble(token);
      } catch (NumberFormatException e) {
        throw new DataException(
            said("has '" + shown(token) + "' in place " + place + ", which is no number"), e);
      }
      if (value != -1 && value != 0 && value != 1) {
        throw refused(
            "has "
                + shown(token)
                + " in place "
                + place
                + "; mirrors show -1, 0 and 1, other numbers must be made ternary before");
      }
      return (byte) value;
    }

    private static String shown(String token) {
      return token.length() <= LONGEST_SHOWN ? token : token.substring(0, LONGEST_SHOWN) + "...";
    }

    private DataException refused(String what) {
      return new DataException(said(what));
    }

    private String said(String what) {
      return file + ", line " + number + ", " + what;
    }
  }
}

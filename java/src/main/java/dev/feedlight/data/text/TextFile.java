package dev.feedlight.data.text;

import dev.feedlight.data.DataException;
import dev.feedlight.data.GzipInput;
import dev.feedlight.data.MissingFilesException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Any text in one file, UTF-8, plain or packed with gzip. */
public final class TextFile {
  /** Largest text in bytes (ours: its tokens still have int places). */
  public static final int MAX_BYTES = 1 << 30;

  /** A text is cut into at least so many passages, if it has the lines (ours). */
  private static final int MIN_PASSAGES = 256;

  /** Longest passage, in characters, unless a line is longer (ours: a page or two). */
  private static final int MAX_PASSAGE = 4096;

  private static final String PACKED = ".gz";

  private TextFile() {}

  /**
   * Reads a text and cuts it into passages: stretches of whole lines of about 4096 characters,
   * shorter ones where the whole is short. Put together they are the text.
   *
   * @param file UTF-8; packed if its name ends with {@code .gz}
   * @return the text, named after the file
   * @throws MissingFilesException if there is no such file
   * @throws NotUtf8Exception if a byte is not UTF-8
   * @throws ShortTextException if it is empty
   * @throws DataException if it is damaged or larger than {@link #MAX_BYTES}
   * @throws IOException if it cannot be read
   */
  public static TextCorpus load(Path file) throws IOException {
    return corpus(text(file), String.valueOf(file.getFileName()));
  }

  /** The same for a text that is in memory. */
  static TextCorpus corpus(String text, String name) {
    int least = Math.clamp(text.length() / MIN_PASSAGES, 1, MAX_PASSAGE);
    List<String> passages = new ArrayList<>();
    int end;
    for (int start = 0; start < text.length(); start = end) {
      int line = text.indexOf('\n', Math.min(text.length(), start + least - 1));
      end = line < 0 ? text.length() : line + 1;
      passages.add(text.substring(start, end));
    }
    return new TextCorpus(name, passages);
  }

  /** The text of a file. */
  static String text(Path file) throws IOException {
    return Utf8.decode(contents(file), file.toString());
  }

  /** The bytes of a file, unpacked. */
  static byte[] contents(Path file) throws IOException {
    byte[] stored = bytes(file, MAX_BYTES);
    return file.toString().endsWith(PACKED) ? unpacked(stored, file.toString()) : stored;
  }

  /** What a gzip file holds. */
  static byte[] unpacked(byte[] stored, String source) {
    try (InputStream in = new GzipInput(new ByteArrayInputStream(stored))) {
      byte[] bytes = in.readNBytes(MAX_BYTES);
      if (in.read() >= 0) {
        throw new DataException(source + " unpacks to more than " + MAX_BYTES + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new DataException(source + " is no sound gzip file: " + e.getMessage(), e);
    }
  }

  /** The bytes of a file as they are. */
  static byte[] bytes(Path file, int most) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new MissingFilesException("there is no file " + file);
    }
    long size = Files.size(file);
    if (size > most) {
      throw new DataException(
          String.format(Locale.ROOT, "%s has %d bytes; at most %d can be read", file, size, most));
    }
    return Files.readAllBytes(file);
  }
}

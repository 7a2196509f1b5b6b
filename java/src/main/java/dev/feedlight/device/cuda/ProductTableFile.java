package dev.feedlight.device.cuda;

import dev.feedlight.device.CacheFolder;
import dev.feedlight.device.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * A {@link ProductTable} as it is kept, one file for each GPU, precision and cuBLAS:
 *
 * <pre>
 * feedlight-products 1
 * gpu NVIDIA H200
 * architecture sm_90
 * precision fp32
 * cublas 12.6.4
 * driver 12.6
 * kernels 0123456789abcdef
 * measured 2026-01-31T12:00:00Z
 * rows 2
 * forward 32 100 100 1.25E-6 4.5E-6
 * backward 32 100 100 3.5E-6 6.25E-6
 * crc32 89abcdef
 * </pre>
 *
 * <p>A row is direction, batch, inputs, outputs, our seconds and cuBLAS's. The last line is the
 * CRC-32 of all before it. Files lie in the folder that the system property {@value
 * #FOLDER_PROPERTY} names, otherwise in {@code products} of the {@link CacheFolder}. They are read
 * strictly: one that cannot be understood is refused, never taken for none.
 */
public final class ProductTableFile {
  /** System property that names the folder of the tables. */
  public static final String FOLDER_PROPERTY = "feedlight.cuda.products";

  /** The command that makes a table. */
  public static final String COMMAND = "./feedlight bench products --device cuda --out DIR";

  private static final String ELSE = "name another folder by -D" + FOLDER_PROPERTY + "=DIR";
  private static final String FORMAT = "feedlight-products";
  private static final String VERSION = "1";
  private static final String SUM = "crc32";
  private static final int COLUMNS = 6;
  private static final int MOST_ROWS = 100_000;

  private ProductTableFile() {}

  private static Path folder() {
    String chosen = System.getProperty(FOLDER_PROPERTY, "");
    return chosen.isBlank()
        ? CacheFolder.usable().resolve("products")
        : Path.of(chosen).toAbsolutePath();
  }

  /**
   * Where the table of an origin is kept.
   *
   * @param origin what it holds for
   * @return a path, at which there may be nothing
   * @throws dev.feedlight.device.DeviceException if there is no folder for it, see {@link
   *     CacheFolder#usable}
   */
  public static Path of(ProductTable.Origin origin) {
    String gpu = origin.gpu().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return folder()
        .resolve(
            String.join(
                "_",
                gpu.replaceAll("^-|-$", ""),
                origin.architecture(),
                origin.precision().label(),
                "cublas-" + origin.cublas() + ".txt"));
  }

  /**
   * The same, and its folder is made: to be asked before anything is measured.
   *
   * @param origin what the table will hold for
   * @return where it can be written
   * @throws dev.feedlight.device.DeviceException if there is no folder that can be written
   */
  public static Path writable(ProductTable.Origin origin) {
    Path file = of(origin);
    Path folder = file.getParent();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CudaException("cannot make the folder of tables " + folder + ": " + e, ELSE, 0, e);
    }
    if (!Files.isWritable(folder)) {
      throw new CudaException("the folder of tables " + folder + " cannot be written", ELSE);
    }
    return file;
  }

  /**
   * The table of an origin.
   *
   * @param origin what it must hold for
   * @return empty if its folder can be read and has none
   * @throws dev.feedlight.device.DeviceException if the file cannot be read, is damaged or is that
   *     of another origin; the message names file, line and remedy
   */
  public static Optional<ProductTable> find(ProductTable.Origin origin) {
    Path file = of(origin);
    String text;
    try {
      // Bytes that are no UTF-8 become letters that no line may have.
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CudaException(
          "the table of products " + file + " cannot be read: " + e,
          "make it readable, or " + ELSE,
          0,
          e);
    }
    ProductTable table = parse(text, file);
    if (!table.origin().equals(origin)) {
      throw new CudaException(
          "the table of products " + file + " is of " + table.origin() + ", not of " + origin,
          remedy(file));
    }
    return Optional.of(table);
  }

  /**
   * The table of an origin, which must be there.
   *
   * @throws CudaException if there is none, or as {@link #find} says
   */
  static ProductTable require(ProductTable.Origin origin) {
    return find(origin)
        .orElseThrow(
            () ->
                new CudaException(
                    "products of " + origin + " have not been measured: there is no " + of(origin),
                    "run " + COMMAND + ", or with --products own"));
  }

  private static String remedy(Path file) {
    return "remove " + file + " and measure again by " + COMMAND;
  }

  /**
   * A table as text.
   *
   * @param table what is kept
   * @return the whole content of its file
   */
  public static String text(ProductTable table) {
    ProductTable.Origin origin = table.origin();
    ProductTable.Conditions conditions = table.conditions();
    StringBuilder text = new StringBuilder();
    line(text, FORMAT, VERSION);
    line(text, "gpu", origin.gpu());
    line(text, "architecture", origin.architecture());
    line(text, "precision", origin.precision().label());
    line(text, "cublas", origin.cublas());
    line(text, "driver", conditions.driver());
    line(text, "kernels", conditions.kernels());
    line(text, "measured", conditions.time());
    line(text, "rows", table.rows().size());
    for (ProductTable.Row row : table.rows()) {
      line(
          text,
          row.direction(),
          row.batch(),
          row.inputs(),
          row.outputs(),
          row.ownSeconds(),
          row.cublasSeconds());
    }
    line(text, SUM, sum(text.toString()));
    return text.toString();
  }

  private static void line(StringBuilder text, Object... words) {
    text.append(String.join(" ", Arrays.stream(words).map(String::valueOf).toList())).append('\n');
  }

  /**
   * Eight digits of whose each product is, in the order of the rows: all that results depend on. A
   * table with other times and the same decisions has the same.
   */
  static String mark(ProductTable table) {
    StringBuilder decisions = new StringBuilder();
    for (ProductTable.Row row : table.rows()) {
      line(
          decisions,
          row.direction(),
          row.batch(),
          row.inputs(),
          row.outputs(),
          row.ownIsFaster() ? "own" : "cublas");
    }
    return sum(decisions.toString());
  }

  private static String sum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  /**
   * Reads a table.
   *
   * @param text of the file
   * @param file for messages
   * @throws CudaException for the first line that is not as it should be
   */
  static ProductTable parse(String text, Path file) {
    return new Reader(text, file).read();
  }

  /** Goes through the lines of one file. */
  private static final class Reader {
    private final Path file;
    private final String text;
    private int at; // of the next line in the text
    private int number; // of the line that was read last

    Reader(String text, Path file) {
      this.text = text;
      this.file = file;
    }

    ProductTable read() {
      value(FORMAT, found -> found.equals(VERSION) ? found : null, "version " + VERSION);
      ProductTable.Origin origin =
          new ProductTable.Origin(
              value("gpu"),
              value("architecture"),
              value("precision", Reader::precision, "fp32, tf32 or bf16"),
              value("cublas"));
      ProductTable.Conditions conditions =
          new ProductTable.Conditions(
              value("driver"), value("kernels"), value("measured", Reader::instant, "a time"));
      int count = value("rows", Reader::count, "from 1 to " + MOST_ROWS);
      List<ProductTable.Row> rows = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        rows.add(row());
      }
      String expected = sum(text.substring(0, at));
      value(SUM, found -> found.equals(expected) ? found : null, expected + ", that of the lines");
      if (at < text.length()) {
        throw damaged(number + 1, "the file goes on after its last line");
      }
      try {
        return new ProductTable(origin, conditions, rows);
      } catch (IllegalArgumentException e) {
        throw damaged(number, e.getMessage());
      }
    }

    private ProductTable.Row row() {
      String line = line("a row");
      String[] words = line.split(" ", -1);
      if (words.length != COLUMNS) {
        throw damaged(number, "'" + line + "' has not " + COLUMNS + " columns");
      }
      try {
        return new ProductTable.Row(
            direction(words[0]),
            Long.parseLong(words[1]),
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            Double.parseDouble(words[4]),
            Double.parseDouble(words[5]));
      } catch (IllegalArgumentException e) {
        throw damaged(number, "'" + line + "' is no row: " + e.getMessage());
      }
    }

    private static ProductTable.Direction direction(String word) {
      return Arrays.stream(ProductTable.Direction.values())
          .filter(direction -> direction.toString().equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no direction is called " + word));
    }

    private static Precision precision(String word) {
      return Arrays.stream(Precision.values())
          .filter(precision -> precision.label().equals(word))
          .findFirst()
          .orElse(null);
    }

    private static Instant instant(String word) {
      try {
        return Instant.parse(word);
      } catch (DateTimeParseException e) {
        return null;
      }
    }

    private static Integer count(String word) {
      try {
        int count = Integer.parseInt(word);
        return count >= 1 && count <= MOST_ROWS ? count : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }

    private String value(String key) {
      return value(key, found -> found.isBlank() ? null : found, "a value");
    }

    /** What follows a key; {@code as} gives null for what is not {@code wanted}. */
    private <T> T value(String key, Function<String, T> as, String wanted) {
      String line = line("'" + key + "'");
      if (!line.startsWith(key + " ")) {
        throw damaged(number, "'" + line + "' where '" + key + "' belongs");
      }
      String found = line.substring(key.length() + 1);
      T value = as.apply(found);
      if (value == null) {
        throw damaged(number, key + " is '" + found + "', not " + wanted);
      }
      return value;
    }

    private String line(String wanted) {
      number++;
      int end = text.indexOf('\n', at);
      if (end < 0) {
        throw damaged(number, "the file ends where " + wanted + " belongs");
      }
      String line = text.substring(at, end);
      at = end + 1;
      return line;
    }

    private CudaException damaged(int line, String what) {
      return new CudaException(
          "the table of products " + file + " cannot be understood at line " + line + ": " + what,
          remedy(file));
    }
  }
}

package dev.feedlight.bench.peers;

import dev.feedlight.bench.results.ResultLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network and a batch to be measured.
 *
 * @param depth hidden layers, at least 1
 * @param width of input, hidden layers and output, at least 1
 * @param batch samples per step, at least 1
 */
public record PeerCell(int depth, int width, int batch) {
  /** Depth and width of every cell (ours: from small to what fills memory bandwidth). */
  private static final List<String> SHAPES =
      List.of("4x256", "4x1024", "8x1024", "16x512", "96x256", "4x3080");

  private static final List<Integer> BATCHES = List.of(32, 128);

  private static final Pattern FORM = Pattern.compile("(\\d{1,4})x(\\d{1,6})(?:x(\\d{1,6}))?");

  /** Checks the sizes. */
  public PeerCell {
    if (depth < 1 || width < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "a cell needs depth, width and batch of at least 1, not "
              + depth
              + ", "
              + width
              + " and "
              + batch);
    }
  }

  /** All cells that the project's table shows. */
  public static List<PeerCell> all() {
    return parse(String.join(",", SHAPES));
  }

  /** The two smallest ones. */
  public static List<PeerCell> quick() {
    return parse(SHAPES.getFirst());
  }

  /**
   * Reads cells.
   *
   * @param list {@code DEPTHxWIDTH} for both batches or {@code DEPTHxWIDTHxBATCH}, with commas
   *     between them
   * @return the cells, each once
   * @throws IllegalArgumentException if an item has another form; the message quotes it
   */
  public static List<PeerCell> parse(String list) {
    List<PeerCell> cells = new ArrayList<>();
    for (String item : list.split(",", -1)) {
      Matcher matcher = FORM.matcher(item.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "a cell is DEPTHxWIDTH or DEPTHxWIDTHxBATCH, such as 4x256 or 4x256x32, not \""
                + item
                + "\"");
      }
      int depth = Integer.parseInt(matcher.group(1));
      int width = Integer.parseInt(matcher.group(2));
      if (matcher.group(3) == null) {
        BATCHES.forEach(batch -> cells.add(new PeerCell(depth, width, batch)));
      } else {
        cells.add(new PeerCell(depth, width, Integer.parseInt(matcher.group(3))));
      }
    }
    return cells.stream().distinct().toList();
  }

  /** The cell that a line belongs to. */
  static PeerCell of(ResultLine line) {
    return new PeerCell(line.depth(), line.width(), line.batch());
  }

  /** As it is parsed, for example {@code 4x256x32}. */
  public String label() {
    return String.format(Locale.ROOT, "%dx%dx%d", depth, width, batch);
  }
}

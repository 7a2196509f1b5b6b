package dev.feedlight.bench.fig4;

import dev.feedlight.opu.TransmissionMatrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes and times of a run.
 *
 * @param name on the command line
 * @param widths of 4a and 4b
 * @param depths of 4a and 4b: hidden blocks, besides the output block
 * @param sizes of the projection in 4c, where the network has one hidden block
 * @param batch samples per step
 * @param forks JVMs per cell
 * @param digitalWarmUpMillis most time for a small problem before JMH's iterations, see {@link
 *     WarmUp}
 * @param opticalWarmUpMillis the same where optics are emulated, whose loops take longer to compile
 * @param warmUpIterations iterations that do not count
 * @param iterations iterations that count, per fork
 * @param iterationMillis length of an iteration
 */
public record Preset(
    String name,
    List<Integer> widths,
    List<Integer> depths,
    List<Integer> sizes,
    int batch,
    int forks,
    int digitalWarmUpMillis,
    int opticalWarmUpMillis,
    int warmUpIterations,
    int iterations,
    int iterationMillis) {
  /** The matrix of the paper's emulators, in memory and made anew. */
  static final List<TransmissionMatrix> MATRICES =
      List.of(TransmissionMatrix.STORED, TransmissionMatrix.PROCEDURAL);

  /** The matrix of the emulated steps of 4a and 4b. */
  static final TransmissionMatrix TIMES_MATRIX = TransmissionMatrix.PROCEDURAL;

  /** Depth of the networks of 4c. */
  static final int RATIO_DEPTH = 1;

  /** Minutes on two cores. */
  public static final Preset QUICK =
      new Preset(
          "quick",
          List.of(128, 256, 512, 1024),
          List.of(1, 4, 16),
          List.of(1000, 3000),
          32,
          1,
          1100,
          3000,
          2,
          5,
          200);

  /**
   * The paper's ranges: widths 100 to 3080 and depths 1 to 96 (caption of Fig. 4); the steps in
   * between, the sizes of 4c from the paper's first to its unit's largest, and the batch, that of
   * {@link #QUICK}, are ours: the paper gives none.
   */
  public static final Preset PAPER =
      new Preset(
          "paper",
          List.of(100, 200, 500, 1000, 2000, 3080),
          List.of(1, 4, 16, 48, 96),
          List.of(1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000),
          32,
          3,
          2000,
          3000,
          2,
          5,
          200);

  /** For the tests: the same code in seconds; its numbers mean nothing. */
  public static final Preset SMOKE =
      new Preset("smoke", List.of(16, 32), List.of(1, 2), List.of(24), 4, 1, 10, 10, 1, 1, 20);

  /** The presets that the help lists. */
  public static final List<Preset> PRESETS = List.of(QUICK, PAPER);

  /** Copies the lists. */
  public Preset {
    widths = List.copyOf(widths);
    depths = List.copyOf(depths);
    sizes = List.copyOf(sizes);
  }

  /**
   * What must be measured; panels share cells.
   *
   * @param figures wanted panels
   * @return cells, each once
   */
  List<Cell> cells(List<Figure> figures) {
    return groups(figures).stream().flatMap(group -> group.cells().stream()).distinct().toList();
  }

  /**
   * The same by place; places may share cells. Grids are halved from their corners inwards; sizes
   * of 4c follow each other, because nobody knows before where memory ends.
   *
   * @param figures wanted panels
   * @return places, networks row by row and then sizes
   */
  List<CellGroup> groups(List<Figure> figures) {
    List<CellGroup> groups = new ArrayList<>();
    List<Figure> times = figures.stream().filter(figure -> figure != Figure.FIG4C).toList();
    for (int d = 0; d < depths.size() && !times.isEmpty(); d++) {
      for (int w = 0; w < widths.size(); w++) {
        int level =
            Math.max(CellGroup.levelOf(d, depths.size()), CellGroup.levelOf(w, widths.size()));
        groups.add(new CellGroup(times, level, times(widths.get(w), depths.get(d))));
      }
    }
    for (int i = 0; i < sizes.size() && figures.contains(Figure.FIG4C); i++) {
      groups.add(new CellGroup(List.of(Figure.FIG4C), i, ratios(sizes.get(i))));
    }
    return List.copyOf(groups);
  }

  private static List<Cell> times(int width, int depth) {
    return List.of(
        new Cell.DigitalStep("bp", width, depth),
        new Cell.DigitalStep("dfa", width, depth),
        new Cell.ElectronicStep(width, depth),
        new Cell.EmulatedStep(TIMES_MATRIX, width, depth));
  }

  private static List<Cell> ratios(int size) {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell.DigitalStep("dfa", size, RATIO_DEPTH));
    cells.add(new Cell.ElectronicStep(size, RATIO_DEPTH));
    cells.add(new Cell.DigitalProjection(size));
    for (TransmissionMatrix kind : MATRICES) {
      cells.add(new Cell.EmulatedStep(kind, size, RATIO_DEPTH));
      cells.add(new Cell.EmulatedProjection(kind, size));
    }
    return cells;
  }

  /** The longest time for which the small problem of a cell is run. */
  int warmUpMillis(Cell cell) {
    return cell.emulatesOptics() ? opticalWarmUpMillis : digitalWarmUpMillis;
  }
}

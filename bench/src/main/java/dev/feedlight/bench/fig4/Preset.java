package dev.feedlight.bench.fig4;

import dev.feedlight.opu.TransmissionMatrix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
          600,
          3000,
          2,
          5,
          200);

  /** For the tests: the same code in seconds; its numbers mean nothing. */
  public static final Preset SMOKE =
      new Preset("smoke", List.of(16, 32), List.of(1, 2), List.of(24), 4, 1, 10, 10, 1, 1, 20);

  /** The presets that the help lists. */
  public static final List<Preset> PRESETS = List.of(QUICK);

  /** Start of a JVM, set-up of a network and JMH's own overhead, measured. */
  private static final double FORK_SECONDS = 1.3;

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
   * @return cells in the order in which they are run
   */
  List<Cell> cells(List<Figure> figures) {
    Set<Cell> cells = new LinkedHashSet<>();
    if (figures.contains(Figure.FIG4A) || figures.contains(Figure.FIG4B)) {
      for (int depth : depths) {
        for (int width : widths) {
          cells.addAll(times(width, depth));
        }
      }
    }
    if (figures.contains(Figure.FIG4C)) {
      sizes.forEach(size -> cells.addAll(ratios(size)));
    }
    return List.copyOf(cells);
  }

  private static List<Cell> times(int width, int depth) {
    return List.of(
        new Cell.DigitalStep("bp", width, depth),
        new Cell.DigitalStep("dfa", width, depth),
        new Cell.ElectronicStep(width, depth),
        new Cell.EmulatedStep(TransmissionMatrix.PROCEDURAL, width, depth));
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

  /** Expected time of cells, at most. */
  double seconds(List<Cell> cells) {
    double fixed = FORK_SECONDS + (warmUpIterations + iterations) * iterationMillis * 1e-3;
    return cells.stream().mapToDouble(cell -> forks * (fixed + warmUpMillis(cell) * 1e-3)).sum();
  }
}

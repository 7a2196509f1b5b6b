package dev.feedlight.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.results.ResultLineBuilder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class Fig4FiguresTest {
  private static final int[] WIDTHS = {128, 256, 512, 1024};
  private static final int[] DEPTHS = {1, 4, 16};

  /** So slow that optics pay within the grid. */
  private static final SyntheticFig4 SLOW = new SyntheticFig4(2e6);

  /** So fast that they do not. */
  private static final SyntheticFig4 FAST = new SyntheticFig4(1e9);

  @TempDir private Path directory;

  @Test
  void drawsAllThreeAsPngAndSvg() throws Exception {
    List<Path> files = figures(all(SLOW)).write(directory);
    assertThat(files)
        .extracting(file -> directory.relativize(file).toString())
        .containsExactly(
            "fig4a.png", "fig4a.svg", "fig4b.png", "fig4b.svg", "fig4c.png", "fig4c.svg");
    for (String name : List.of("fig4a", "fig4b", "fig4c")) {
      BufferedImage png = ImageIO.read(directory.resolve(name + ".png").toFile());
      Document svg = parsed(Files.readString(directory.resolve(name + ".svg")));
      assertThat(png.getWidth()).isEqualTo(2400);
      assertThat(png.getHeight()).isGreaterThanOrEqualTo(1100);
      assertThat(svg.getDocumentElement().getAttribute("viewBox"))
          .isEqualTo("0 0 " + png.getWidth() / 2 + " " + png.getHeight() / 2);
      assertThat(pixels(png, Look.VERMILLION.getRGB())).isGreaterThan(1000);
      assertThat(pixels(png, Look.PURPLE.getRGB())).isGreaterThan(1000);
    }
  }

  @Test
  void legendAxesAndConditionsAreWritten() throws Exception {
    Fig4Figures figures = figures(all(SLOW));
    for (String name : List.of("fig4a", "fig4b")) {
      assertThat(texts(figures, name))
          .contains(
              "BP",
              "DFA",
              "ODFA, modelled clock",
              "ODFA, modelled clock, overlapped",
              "ODFA, emulated, procedural T",
              "ODFA, emulated, stored T",
              "paper, 96 x 3080: BP",
              "paper, 96 x 3080: ODFA",
              "BP 13.39",
              "ODFA 13.09",
              "time per sample (ms)")
          .anyMatch(
              text ->
                  text.equals(
                      "preset quick · batch 32 · fp32 · device cpu: a processor · 2 threads"
                          + " · commit 0123456789ab"));
    }
    assertThat(texts(figures, "fig4a"))
        .contains("hidden width (neurons)", "depth 1", "depth 4", "depth 16", "128", "1024");
    assertThat(texts(figures, "fig4b")).contains("depth (hidden layers)", "hidden width 512");
    assertThat(texts(figures, "fig4c"))
        .contains(
            "ODFA, modelled clock, procedural T",
            "ODFA, modelled clock, stored T",
            "ODFA, emulated, stored T",
            "paper: 10000",
            "paper: 5",
            "whole training step",
            "projection alone",
            "time by ODFA / time by DFA");
  }

  @Test
  void theCrossoverIsMarkedWhereThereIsOne() throws Exception {
    List<String> texts = texts(figures(all(SLOW)), "fig4a");
    assertThat(texts).contains("crossover (ODFA at most BP)", "crossover, overlapped");
    List<String> marks = texts.stream().filter(text -> text.startsWith("crossover ≈")).toList();
    // By the synthetic model 657 at depth 16, and beyond the grid at 1 and 4.
    assertThat(marks).hasSize(1);
    assertThat(Double.parseDouble(marks.getFirst().substring("crossover ≈ ".length())))
        .isBetween(620.0, 740.0);
  }

  @Test
  void noCrossoverIsMarkedWhereThereIsNone() throws Exception {
    for (String name : List.of("fig4a", "fig4b")) {
      assertThat(texts(figures(all(FAST)), name))
          .noneMatch(text -> text.startsWith("crossover") || text.matches("overlapped [≈≤].*"));
    }
  }

  @Test
  void thePapersGridFits() throws Exception {
    int[] widths = {100, 200, 400, 800, 1600, 2400, 3080};
    int[] depths = IntStream.concat(IntStream.rangeClosed(1, 15), IntStream.of(32, 96)).toArray();
    List<String> texts = texts(figures(FAST.times(widths, depths)), "fig4a");
    assertThat(texts).filteredOn(text -> text.matches("depth \\d+")).hasSize(11);
    assertThat(texts).contains("depth 1", "depth 96", "3080");
    assertThat(texts).filteredOn("BP 13.39"::equals).hasSize(2);
    assertThat(String.join(" ", texts)).contains("11 of 17 values of depth");
  }

  @Test
  void oneRuleInOneCellIsEnough() throws Exception {
    ResultLine line = cell().build();
    assertThat(figures(List.of(line)).names()).containsExactly("fig4a");
    assertThat(texts(figures(List.of(line)), "fig4a"))
        .contains("BP", "depth 4")
        .doesNotContain("DFA");
  }

  @Test
  void aLineWithoutSeedWinsAndSeedsAloneGiveTheirMedian() {
    List<ResultLine> seeds =
        Stream.of(1.0, 9.0, 2.0).map(v -> cell().value(v).seed(v.longValue()).build()).toList();
    assertThat(onlyPoint(seeds)).isEqualTo(new Curve.Point(512, 2, 1, 9));
    List<ResultLine> withSum = new ArrayList<>(seeds);
    withSum.addFirst(cell().value(4).spread(3, 5).build());
    assertThat(onlyPoint(withSum)).isEqualTo(new Curve.Point(512, 4, 3, 5));
    withSum.add(cell().value(6).build());
    assertThat(onlyPoint(withSum)).isEqualTo(new Curve.Point(512, 6));
  }

  @Test
  void linesOfTwoSetupsAreRefusedBeforeAnythingIsWritten() {
    List<ResultLine> mixed = new ArrayList<>(all(SLOW));
    mixed.add(cell("fig4b").batch(128).build());
    assertThatThrownBy(() -> figures(mixed).write(directory))
        .isInstanceOf(FigureDataException.class)
        .hasMessage("fig4b needs one batch, the lines have 32, 128");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void othersCodeIsNotDrawn() throws IOException {
    ResultLine foreign = cell().implementation(ResultLine.Implementation.PYTORCH).build();
    assertThat(figures(List.of(foreign)).write(directory)).isEmpty();
    assertThatThrownBy(() -> figures(List.of(foreign)).sheet("fig4a"))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("no line of 1");
  }

  @Test
  void missingKeysAreNamed() {
    ResultLine bare = ResultLine.of("fig4a", Metric.MS_PER_SAMPLE).width(8).value(1).build();
    assertThatThrownBy(() -> figures(List.of(bare)).sheet("fig4a"))
        .isInstanceOf(FigureDataException.class)
        .hasMessageContaining("depth");
    ResultLine lopsided =
        ResultLine.of("fig4c", Metric.RATIO_STEP).inputs(10).outputs(20).value(1).build();
    assertThatThrownBy(() -> figures(List.of(lopsided)).sheet("fig4c"))
        .hasMessageContaining("inputs 10 and outputs 20");
    assertThatThrownBy(() -> figures(List.of()).sheet("fig5")).hasMessageContaining("fig5");
  }

  private static ResultLineBuilder cell() {
    return cell("fig4a");
  }

  private static ResultLineBuilder cell(String experiment) {
    return ResultLine.of(experiment, Metric.MS_PER_SAMPLE)
        .rule(Rule.BP)
        .width(512)
        .depth(4)
        .batch(32)
        .value(3);
  }

  private static List<ResultLine> all(SyntheticFig4 machine) {
    List<ResultLine> lines = new ArrayList<>(machine.times(WIDTHS, DEPTHS));
    lines.addAll(machine.ratios(1000, 3000));
    return lines;
  }

  private static Fig4Figures figures(List<ResultLine> lines) {
    return new Fig4Figures(lines, "a processor");
  }

  private static Curve.Point onlyPoint(List<ResultLine> lines) {
    return Fig4Lines.of("fig4a", lines, Metric.MS_PER_SAMPLE)
        .curves(ResultLine::width)
        .values()
        .iterator()
        .next()
        .points()
        .getFirst();
  }

  private static List<String> texts(Fig4Figures figures, String name) throws Exception {
    NodeList nodes = parsed(FigureWriter.svg(figures.sheet(name))).getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static Document parsed(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  private static long pixels(BufferedImage image, int rgb) {
    int[] all = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return IntStream.of(all).filter(pixel -> pixel == rgb).count();
  }
}

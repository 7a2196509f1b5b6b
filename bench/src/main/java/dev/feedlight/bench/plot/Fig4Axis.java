package dev.feedlight.bench.plot;

import dev.feedlight.bench.results.ResultLine;
import java.util.function.Function;

/** What lies on the horizontal axis of Fig. 4a and 4b; the other quantity numbers the panels. */
enum Fig4Axis {
  WIDTH("hidden width", "hidden width (neurons)", PaperFig4.WIDTH),
  DEPTH("depth", "depth (hidden layers)", PaperFig4.DEPTH);

  private final String noun;
  private final String title;
  private final int paper;

  Fig4Axis(String noun, String title, int paper) {
    this.noun = noun;
    this.title = title;
    this.paper = paper;
  }

  String noun() {
    return noun;
  }

  /** With the unit in brackets. */
  String title() {
    return title;
  }

  /** The key of the result lines. */
  Function<ResultLine, Integer> key() {
    return this == WIDTH ? ResultLine::width : ResultLine::depth;
  }

  /** The value at which the paper states numbers. */
  int paper() {
    return paper;
  }

  Fig4Axis other() {
    return this == WIDTH ? DEPTH : WIDTH;
  }
}

package dev.feedlight.bench.plot;

import java.util.List;

/**
 * What the paper states of its Fig. 4 in numbers (arXiv 2409.12965 v1, caption of Fig. 4 and
 * section 5): times on an NVIDIA A6000 with the real optical processing unit. Its batch is
 * unpublished.
 */
final class PaperFig4 {
  static final int DEPTH = 96;
  static final int WIDTH = 3080;
  static final double BP_MS_PER_SAMPLE = 13.39;
  static final double ODFA_MS_PER_SAMPLE = 13.09;

  /** Training time by ODFA over that by DFA against the size n of an n x n projection. */
  static final List<Curve.Point> RATIO_STEP =
      List.of(new Curve.Point(1e3, 1e4), new Curve.Point(1e4, 5));

  private PaperFig4() {}
}

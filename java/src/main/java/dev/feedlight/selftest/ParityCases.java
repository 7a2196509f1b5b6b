package dev.feedlight.selftest;

import java.util.List;

/** The list of parity cases: every operation at extents that find the edges of tiles and lanes. */
public final class ParityCases {
  /** Seed of the list unless another is asked for. */
  public static final long DEFAULT_SEED = 20260101;

  private ParityCases() {}

  /**
   * All cases with the default seed.
   *
   * @return the cases, grouped by operation
   */
  public static List<ParityCase> all() {
    return all(DEFAULT_SEED);
  }

  /**
   * All cases with other values.
   *
   * @param seed decides the values, not the shapes
   * @return the cases, grouped by operation
   */
  public static List<ParityCase> all(long seed) {
    CaseList cases = new CaseList(seed);
    FillCases.addTo(cases);
    LinearCases.addTo(cases);
    GradientCases.addTo(cases);
    UpdateCases.addTo(cases);
    NormCases.addTo(cases);
    ApplyCases.addTo(cases);
    DropoutCases.addTo(cases);
    LossCases.addTo(cases);
    FiniteCases.addTo(cases);
    NormalizationCases.addTo(cases);
    AttentionCases.addTo(cases);
    EmbeddingCases.addTo(cases);
    TernaryCases.addTo(cases);
    SpeckleCases.addTo(cases);
    CameraCases.addTo(cases);
    ProjectionCases.addTo(cases);
    SignalCases.addTo(cases);
    return cases.toList();
  }
}

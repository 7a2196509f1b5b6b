package dev.feedlight.data.climate;

/** What a model must beat to have learned anything. */
public enum Baseline {
  /** Nothing changes: the map against which anomalies are taken. */
  CONSTANT {
    @Override
    public double[] predict(ClimateData data) {
      return new double[Math.toIntExact(data.test().size()) * data.grid().cells()];
    }
  },
  /**
   * In every cell a line: a constant and a factor for the global mean of each of the four forcings,
   * by least squares over all years of the training scenarios.
   */
  LINEAR {
    @Override
    public double[] predict(ClimateData data) {
      return LinearFit.of(data.trainingScenarios())
          .predict(
              data.testScenario(),
              data.task().firstTestYear(),
              Math.toIntExact(data.test().size()));
    }
  };

  /**
   * Predicts the test years.
   *
   * @param data what it learns from and is measured on
   * @return years x cells, as {@link ClimateData#truth()}
   */
  public abstract double[] predict(ClimateData data);
}

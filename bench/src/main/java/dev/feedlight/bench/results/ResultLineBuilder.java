package dev.feedlight.bench.results;

/**
 * Collects the keys of one {@link ResultLine}; what is not set is left out of the file. Each setter
 * is named after its key and returns this builder. The line is checked in {@link #build}.
 */
public final class ResultLineBuilder {
  private final String experiment;
  private final Metric metric;
  private String preset;
  private String data;
  private ResultLine.Model model;
  private ResultLine.Implementation implementation;
  private String optimizer;
  private String dtype;
  private Integer threads;
  private String transmission;
  private Long inputs;
  private Long outputs;
  private ResultLine.Rule rule;
  private ResultLine.Configuration configuration;
  private String setting;
  private ResultLine.Clock clock;
  private Boolean overlapped;
  private Integer width;
  private Integer depth;
  private Integer batch;
  private String device;
  private String unit;
  private Integer n;
  private Long seed;
  private String commit;
  private Double value;
  private Double low;
  private Double high;

  ResultLineBuilder(String experiment, Metric metric) {
    this.experiment = experiment;
    this.metric = metric;
    this.unit = metric == null ? null : metric.unit();
  }

  public ResultLineBuilder preset(String preset) {
    this.preset = preset;
    return this;
  }

  public ResultLineBuilder data(String data) {
    this.data = data;
    return this;
  }

  public ResultLineBuilder model(ResultLine.Model model) {
    this.model = model;
    return this;
  }

  public ResultLineBuilder implementation(ResultLine.Implementation implementation) {
    this.implementation = implementation;
    return this;
  }

  public ResultLineBuilder optimizer(String optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  public ResultLineBuilder dtype(String dtype) {
    this.dtype = dtype;
    return this;
  }

  public ResultLineBuilder threads(int threads) {
    this.threads = threads;
    return this;
  }

  public ResultLineBuilder transmission(String transmission) {
    this.transmission = transmission;
    return this;
  }

  public ResultLineBuilder inputs(long inputs) {
    this.inputs = inputs;
    return this;
  }

  public ResultLineBuilder outputs(long outputs) {
    this.outputs = outputs;
    return this;
  }

  public ResultLineBuilder rule(ResultLine.Rule rule) {
    this.rule = rule;
    return this;
  }

  public ResultLineBuilder configuration(ResultLine.Configuration configuration) {
    this.configuration = configuration;
    return this;
  }

  public ResultLineBuilder setting(String setting) {
    this.setting = setting;
    return this;
  }

  public ResultLineBuilder clock(ResultLine.Clock clock) {
    this.clock = clock;
    return this;
  }

  public ResultLineBuilder overlapped(boolean overlapped) {
    this.overlapped = overlapped;
    return this;
  }

  public ResultLineBuilder width(int width) {
    this.width = width;
    return this;
  }

  public ResultLineBuilder depth(int depth) {
    this.depth = depth;
    return this;
  }

  public ResultLineBuilder batch(int batch) {
    this.batch = batch;
    return this;
  }

  public ResultLineBuilder device(String device) {
    this.device = device;
    return this;
  }

  public ResultLineBuilder unit(String unit) {
    this.unit = unit;
    return this;
  }

  public ResultLineBuilder n(int n) {
    this.n = n;
    return this;
  }

  public ResultLineBuilder seed(long seed) {
    this.seed = seed;
    return this;
  }

  public ResultLineBuilder commit(String commit) {
    this.commit = commit;
    return this;
  }

  /** Sets the value without a spread. */
  public ResultLineBuilder value(double value) {
    this.value = value;
    return this;
  }

  /** Sets the spread, in the unit of the value; {@code low <= value <= high}. */
  public ResultLineBuilder spread(double low, double high) {
    this.low = low;
    this.high = high;
    return this;
  }

  /**
   * Makes the line.
   *
   * @throws InvalidResultException if a required key is missing or a value breaks the contract
   */
  public ResultLine build() {
    return new ResultLine(
        experiment,
        preset,
        data,
        model,
        implementation,
        optimizer,
        dtype,
        threads,
        transmission,
        inputs,
        outputs,
        rule,
        configuration,
        setting,
        clock,
        overlapped,
        width,
        depth,
        batch,
        device,
        metric,
        unit,
        value,
        low,
        high,
        n,
        seed,
        commit);
  }
}

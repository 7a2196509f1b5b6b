package dev.feedlight.bench.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One line of {@code results.jsonl}. The keys and their order are a contract with readers outside
 * this project; a component that is {@code null} does not apply and its key is left out. Make one
 * with {@link #of}.
 *
 * <p>Beyond the first contract there are two keys. {@code overlapped}, with {@code
 * "clock":"modelled"}, says whether the optical frames run beside the electronics ({@code true}) or
 * after them ({@code false} or absent). {@code setting} holds the knobs of an experiment that turns
 * some. Beyond its metrics there are {@code ratio_step}, {@code ratio_projection} and {@code
 * rmse_mm_per_day}, see {@link Metric}.
 *
 * @param experiment what was run, such as {@code fig4a}; required
 * @param preset the experiment's preset, such as {@code quick}
 * @param data data set, such as {@code fashion-mnist} or {@code random}
 * @param model kind of network
 * @param implementation whose code was timed
 * @param optimizer such as {@code sgd}
 * @param dtype such as {@code fp32}
 * @param threads threads used for computing
 * @param transmission how the transmission matrix is held: {@code stored}, {@code procedural} ...
 * @param inputs inputs of the projection
 * @param outputs outputs of the projection
 * @param rule learning rule
 * @param configuration whose hyper-parameters: the rule's own, or those adopted for ODFA
 * @param setting what was turned, as {@code name=value} pairs with blanks between them
 * @param clock where the optical time comes from
 * @param overlapped whether modelled optical time runs beside the electronics
 * @param width neurons per hidden layer
 * @param depth hidden layers
 * @param batch samples per step
 * @param device such as {@code cpu}
 * @param metric what {@code value} measures; required
 * @param unit unit of {@code value}, {@code low} and {@code high}; required
 * @param value median of timings, mean of seeds; finite, required
 * @param low lower end of the spread, at most {@code value}
 * @param high upper end of the spread, at least {@code value}
 * @param n iterations or seeds behind {@code value}
 * @param seed seed of the run; absent on a line that sums up several
 * @param commit commit of the code, see {@link Commit}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "experiment",
  "preset",
  "data",
  "model",
  "implementation",
  "optimizer",
  "dtype",
  "threads",
  "transmission",
  "inputs",
  "outputs",
  "rule",
  "configuration",
  "setting",
  "clock",
  "overlapped",
  "width",
  "depth",
  "batch",
  "device",
  "metric",
  "unit",
  "value",
  "low",
  "high",
  "n",
  "seed",
  "commit"
})
public record ResultLine(
    String experiment,
    String preset,
    String data,
    Model model,
    Implementation implementation,
    String optimizer,
    String dtype,
    Integer threads,
    String transmission,
    Long inputs,
    Long outputs,
    Rule rule,
    Configuration configuration,
    String setting,
    Clock clock,
    Boolean overlapped,
    Integer width,
    Integer depth,
    Integer batch,
    String device,
    Metric metric,
    String unit,
    Double value,
    Double low,
    Double high,
    Integer n,
    Long seed,
    String commit) {

  /** Kind of network; {@code constant} and {@code linear} are the baselines. */
  public enum Model {
    @JsonProperty("mlp")
    MLP,
    @JsonProperty("gpt")
    GPT,
    @JsonProperty("vit")
    VIT,
    @JsonProperty("fcnn")
    FCNN,
    @JsonProperty("constant")
    CONSTANT,
    @JsonProperty("linear")
    LINEAR
  }

  /** Whose code was measured. */
  public enum Implementation {
    @JsonProperty("feedlight")
    FEEDLIGHT,
    @JsonProperty("libtorch")
    LIBTORCH,
    @JsonProperty("pytorch")
    PYTORCH
  }

  /** Learning rule; {@code shlw} trains the last block alone. */
  public enum Rule {
    @JsonProperty("bp")
    BP,
    @JsonProperty("dfa")
    DFA,
    @JsonProperty("odfa")
    ODFA,
    @JsonProperty("shlw")
    SHLW
  }

  /** Whose hyper-parameters were used. */
  public enum Configuration {
    @JsonProperty("own")
    OWN,
    @JsonProperty("odfa")
    ODFA
  }

  /** Where the optical part of a time comes from. */
  public enum Clock {
    /** No optics in it. */
    @JsonProperty("none")
    NONE,
    /** Measured electronics plus frames of the modelled optical clock. */
    @JsonProperty("modelled")
    MODELLED,
    /** Wholly measured; the optics were computed. */
    @JsonProperty("emulated")
    EMULATED
  }

  /**
   * Checks the line.
   *
   * @throws InvalidResultException naming the key and the value that break the contract
   */
  public ResultLine {
    requireText("experiment", required("experiment", experiment));
    requireText("preset", preset);
    requireText("data", data);
    requireText("optimizer", optimizer);
    requireText("dtype", dtype);
    requireText("transmission", transmission);
    requireText("setting", setting);
    requireText("device", device);
    required("metric", metric);
    requireText("unit", required("unit", unit));
    requireText("commit", commit);
    requirePositive("threads", threads);
    requirePositive("inputs", inputs);
    requirePositive("outputs", outputs);
    requirePositive("width", width);
    requirePositive("depth", depth);
    requirePositive("batch", batch);
    requirePositive("n", n);
    requireFinite("value", required("value", value));
    requireSpread(low, value, high);
    if (overlapped != null && clock != Clock.MODELLED) {
      throw new InvalidResultException(
          "overlapped " + overlapped + " needs the modelled clock, not " + clock);
    }
  }

  /**
   * Starts a line; the unit is the metric's own unless set otherwise.
   *
   * @param experiment what is run
   * @param metric what is measured
   */
  public static ResultLineBuilder of(String experiment, Metric metric) {
    return new ResultLineBuilder(experiment, metric);
  }

  private static <T> T required(String key, T value) {
    if (value == null) {
      throw new InvalidResultException(key + " is missing");
    }
    return value;
  }

  private static void requireText(String key, String value) {
    if (value != null && value.isBlank()) {
      throw new InvalidResultException(key + " is blank; leave the key out instead");
    }
  }

  private static void requirePositive(String key, Number value) {
    if (value != null && value.longValue() < 1) {
      throw new InvalidResultException(key + " is " + value + ", must be at least 1");
    }
  }

  private static void requireFinite(String key, double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidResultException(key + " is " + value + ", must be finite");
    }
  }

  private static void requireSpread(Double low, double value, Double high) {
    if ((low == null) != (high == null)) {
      throw new InvalidResultException("low " + low + " and high " + high + " go together");
    }
    if (low != null && !(Double.isFinite(high - low) && low <= value && value <= high)) {
      throw new InvalidResultException(
          "low <= value <= high does not hold for " + low + ", " + value + ", " + high);
    }
  }
}

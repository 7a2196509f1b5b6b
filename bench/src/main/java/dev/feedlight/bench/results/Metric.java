package dev.feedlight.bench.results;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a {@link ResultLine} measures. A value here is final: one line per seed, then one line
 * without seed that sums them up.
 */
public enum Metric {
  /** Time of one training step divided by its batch. */
  @JsonProperty("ms_per_sample")
  MS_PER_SAMPLE("ms"),
  /** Time of one training step. */
  @JsonProperty("ms_per_step")
  MS_PER_STEP("ms"),
  /** Time of one call of a kernel. */
  @JsonProperty("ms_per_call")
  MS_PER_CALL("ms"),
  /** The least time that a call can take by what the same run measured of the device. */
  @JsonProperty("ms_floor")
  MS_FLOOR("ms"),
  /** The least time of a call over its time, 1 at best. */
  @JsonProperty("floor_share")
  FLOOR_SHARE("fraction"),
  /** Bytes read and written per second. */
  @JsonProperty("bytes_per_s")
  BYTES_PER_S("B/s"),
  /** Multiplications and additions per second. */
  @JsonProperty("flops_per_s")
  FLOPS_PER_S("1/s"),
  /** Cross entropy per token on held-out text. */
  @JsonProperty("heldout_loss_nats")
  HELDOUT_LOSS_NATS("nats"),
  /** Share of test samples classified rightly, 0 to 1. */
  @JsonProperty("test_accuracy")
  TEST_ACCURACY("fraction"),
  /** Share of training examples kept back classified rightly, 0 to 1; settings are chosen by it. */
  @JsonProperty("heldout_accuracy")
  HELDOUT_ACCURACY("fraction"),
  /** Cosine of true gradient and signal, mean over samples and hidden layers, -1 to 1. */
  @JsonProperty("gradient_alignment")
  GRADIENT_ALIGNMENT("1"),
  /** Cosine of weights and feedback matrices, mean over layers, -1 to 1. */
  @JsonProperty("weight_alignment")
  WEIGHT_ALIGNMENT("1"),
  /** Share of mirrors that are lit, 0 to 1. */
  @JsonProperty("ternary_density")
  DENSITY("fraction"),
  /** Root mean square error of a temperature field. */
  @JsonProperty("rmse_k")
  RMSE_K("K"),
  /** Root mean square error of a precipitation field. */
  @JsonProperty("rmse_mm_per_day")
  RMSE_MM_PER_DAY("mm/day"),
  /** ClimateBench's spatial error, normalised. */
  @JsonProperty("nrmse_s")
  NRMSE_S("1"),
  /** ClimateBench's global-mean error, normalised. */
  @JsonProperty("nrmse_g")
  NRMSE_G("1"),
  /** ClimateBench's total error, {@code nrmse_s + 5 nrmse_g}. */
  @JsonProperty("nrmse_total")
  NRMSE_TOTAL("1"),
  /** Entries of the transmission matrix applied per second. */
  @JsonProperty("entries_per_s")
  ENTRIES_PER_S("1/s"),
  /** Correlation of a projection with the exact one, -1 to 1. */
  @JsonProperty("correlation")
  CORRELATION("1"),
  /** Time of a whole ODFA step over that of a whole DFA step (Fig. 4c). */
  @JsonProperty("ratio_step")
  RATIO_STEP("1"),
  /** Time of the optical projection over that of the digital one (Fig. 4c). */
  @JsonProperty("ratio_projection")
  RATIO_PROJECTION("1");

  private final String unit;

  Metric(String unit) {
    this.unit = unit;
  }

  /** The unit of this metric's values; {@code "1"} for plain ratios. */
  public String unit() {
    return unit;
  }
}

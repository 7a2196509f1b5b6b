package dev.feedlight.bench.peers;

import dev.feedlight.bench.results.Commit;
import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Implementation;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.bench.step.Spread;

/**
 * Result lines of one cell.
 *
 * @param cell what is measured
 * @param threads of each implementation, at most
 */
public record PeerLines(PeerCell cell, int threads) {
  /** Whole training steps. */
  public static final String STEP = "peers";

  /** Matrix products of our step by themselves. */
  public static final String PRODUCTS = "peers_products";

  /**
   * Our step.
   *
   * @param rule what it computes
   * @param milliseconds median and quartiles of the turns
   * @param n turns
   */
  public ResultLine ours(Rule rule, Spread milliseconds, int n) {
    return line(STEP, Implementation.FEEDLIGHT, rule, milliseconds, n).build();
  }

  /**
   * The bare products of our step.
   *
   * @param rule whose they are
   * @param milliseconds median and quartiles of the turns
   * @param n turns
   */
  public ResultLine products(Rule rule, Spread milliseconds, int n) {
    return line(PRODUCTS, Implementation.FEEDLIGHT, rule, milliseconds, n).build();
  }

  /**
   * A step of libtorch.
   *
   * @param rule what it computes
   * @param setting how it is written and run, as {@code name=value} pairs
   * @param milliseconds median and quartiles of the turns
   * @param n turns
   */
  public ResultLine libTorch(Rule rule, String setting, Spread milliseconds, int n) {
    return line(STEP, Implementation.LIBTORCH, rule, milliseconds, n).setting(setting).build();
  }

  private ResultLineBuilder line(
      String experiment, Implementation implementation, Rule rule, Spread milliseconds, int n) {
    return ResultLine.of(experiment, Metric.MS_PER_STEP)
        .data("random")
        .model(ResultLine.Model.MLP)
        .implementation(implementation)
        .optimizer("sgd")
        .dtype("fp32")
        .threads(threads)
        .rule(rule)
        .width(cell.width())
        .depth(cell.depth())
        .batch(cell.batch())
        .device("cpu")
        .value(milliseconds.median())
        .spread(milliseconds.low(), milliseconds.high())
        .n(n)
        .commit(Commit.current());
  }
}

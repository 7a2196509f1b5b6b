package dev.feedlight.bench.training;

import dev.feedlight.bench.results.Metric;
import dev.feedlight.bench.results.ResultLine;
import dev.feedlight.bench.results.ResultLine.Configuration;
import dev.feedlight.bench.results.ResultLine.Implementation;
import dev.feedlight.bench.results.ResultLine.Model;
import dev.feedlight.bench.results.ResultLine.Rule;
import dev.feedlight.bench.results.ResultLineBuilder;
import dev.feedlight.device.Device;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What runs of one curve are told by in {@code results.jsonl} and {@code curves.jsonl}, whatever is
 * measured of them.
 *
 * @param experiment name in result files
 * @param preset of the experiment
 * @param data short name
 * @param model kind of network
 * @param optimizer its name
 * @param rule name of the learning rule
 * @param configuration whose settings
 * @param width of the first hidden layer
 * @param depth in layers
 * @param batch of a step
 * @param device where it ran
 */
public record RunKeys(
    String experiment,
    String preset,
    String data,
    Model model,
    String optimizer,
    String rule,
    Configuration configuration,
    long width,
    int depth,
    int batch,
    Device device) {
  /** A line of {@code results.jsonl}, but for value, seed, spread and commit. */
  public ResultLineBuilder result(Metric metric) {
    return ResultLine.of(experiment, metric)
        .preset(preset)
        .data(data)
        .model(model)
        .implementation(Implementation.FEEDLIGHT)
        .optimizer(optimizer)
        .dtype(device.precision().label())
        .threads(device.threads())
        .rule(Rule.valueOf(rule.toUpperCase(Locale.ROOT)))
        .configuration(configuration)
        .width(Math.toIntExact(width))
        .depth(depth)
        .batch(batch)
        .device(device.name());
  }

  /** A line of {@code curves.jsonl} at a step, to which what was measured is added. */
  public Map<String, Object> curve(long step) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("experiment", experiment);
    line.put("preset", preset);
    line.put("data", data);
    line.put("model", word(model));
    line.put("implementation", word(Implementation.FEEDLIGHT));
    line.put("optimizer", optimizer);
    line.put("threads", device.threads());
    line.put("rule", rule);
    line.put("configuration", word(configuration));
    line.put("width", width);
    line.put("depth", depth);
    line.put("batch", batch);
    line.put("device", device.name());
    line.put("step", step);
    return line;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

package dev.feedlight;

import dev.feedlight.data.text.BytePairTokenizer;
import dev.feedlight.device.TransformerOperation;
import dev.feedlight.io.FormatException;
import dev.feedlight.io.Json;
import dev.feedlight.nn.GptShape;
import dev.feedlight.nn.Residual;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The {@code config.json} of a model: all that its logits depend on besides weights and tokenizer.
 *
 * @param shape extents
 * @param tokenizerSha256 of the bytes of {@code tokenizer.json}
 */
record GptConfig(GptShape shape, String tokenizerSha256) {
  /** Most bytes that are read (ours; it has some hundred). */
  static final int MAX_BYTES = 1 << 16;

  /** Largest extent that is read (ours): with it, counts of values stay far below 2^63. */
  private static final long MAX_EXTENT = 1 << 24;

  /** Most layers that are read (ours). */
  private static final long MAX_LAYERS = 1 << 12;

  private static final String FORMAT = "feedlight-gpt";
  private static final long VERSION = 1;

  /** The exact GELU, as PyTorch's default. */
  private static final String ACTIVATION = "gelu";

  private static final String RESIDUAL = "residual";

  private static final String NORMALIZATION = "layer_norm_epsilon";

  private static final Set<String> ENTRIES =
      Set.of(
          "format",
          "version",
          "feedlight",
          "vocabulary",
          "context",
          "width",
          "layers",
          "heads",
          "hidden",
          "activation",
          RESIDUAL,
          NORMALIZATION,
          "tokenizer_sha256");

  byte[] write(String libraryVersion) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("format", FORMAT);
    config.put("version", VERSION);
    config.put("feedlight", libraryVersion);
    config.put("vocabulary", shape.vocabulary());
    config.put("context", shape.context());
    config.put("width", shape.width());
    config.put("layers", (long) shape.layers());
    config.put("heads", shape.heads());
    config.put("hidden", shape.hidden());
    config.put("activation", ACTIVATION);
    config.put(RESIDUAL, name(shape.residual()));
    config.put(NORMALIZATION, epsilon());
    config.put("tokenizer_sha256", tokenizerSha256);
    return Json.writeObject(config);
  }

  /** The shortest number that is the same float. */
  private static double epsilon() {
    return Double.parseDouble(Float.toString(TransformerOperation.EPSILON));
  }

  static GptConfig read(byte[] json, Path file) {
    StateReader config = new StateReader(Json.readObject(json, file.toString()), file);
    config.require("format", FORMAT);
    config.require("version", VERSION);
    requireKnown(config);
    config.text("feedlight");
    config.require("activation", ACTIVATION);
    config.require(NORMALIZATION, epsilon());
    return new GptConfig(shape(config), config.text("tokenizer_sha256"));
  }

  private static void requireKnown(StateReader config) {
    Set<String> unknown = new TreeSet<>(config.values().keySet());
    unknown.removeAll(ENTRIES);
    if (!unknown.isEmpty()) {
      throw new FormatException(
          config.file().toString(),
          "has the entry \"" + unknown.iterator().next() + "\", which is not known");
    }
  }

  private static GptShape shape(StateReader config) {
    long vocabulary = extent(config, "vocabulary", BytePairTokenizer.MAX_VOCABULARY);
    long context = extent(config, "context", MAX_EXTENT);
    long width = extent(config, "width", MAX_EXTENT);
    long layers = extent(config, "layers", MAX_LAYERS);
    long heads = extent(config, "heads", MAX_EXTENT);
    long hidden = extent(config, "hidden", MAX_EXTENT);
    try {
      return new GptShape(
          vocabulary, context, width, (int) layers, heads, hidden, residual(config));
    } catch (IllegalArgumentException e) {
      throw new FormatException(config.file().toString(), e.getMessage(), e);
    }
  }

  private static String name(Residual residual) {
    return residual.name().toLowerCase(Locale.ROOT);
  }

  private static Residual residual(StateReader config) {
    String wanted = config.text(RESIDUAL);
    return Stream.of(Residual.values())
        .filter(residual -> name(residual).equals(wanted))
        .findFirst()
        .orElseThrow(() -> config.wrong(RESIDUAL, "plain or standardized"));
  }

  private static long extent(StateReader config, String key, long most) {
    config.requireAtMost(key, most);
    return config.count(key);
  }
}

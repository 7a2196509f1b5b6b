package dev.feedlight.data.text;

import dev.feedlight.io.FormatException;
import dev.feedlight.io.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code tokenizer.json} of Hugging Face's tokenizers, version 1.0, as far as it says a byte-level
 * tokenizer by merged pairs. What would make that library give other numbers than {@link
 * BytePairTokenizer} does is refused: normalizers, added tokens, blanks put in front, dropout,
 * unknown tokens, unknown entries.
 */
final class TokenizerFile {
  /** Largest file in bytes (ours: that of a vocabulary of 128,000 has 9 million). */
  static final int MAX_BYTES = 1 << 26;

  private static final String VERSION = "1.0";

  /** Entries without effect on numbers, and those that are checked. */
  private static final Set<String> ENTRIES =
      Set.of(
          "version",
          "truncation",
          "padding",
          "added_tokens",
          "normalizer",
          "pre_tokenizer",
          "post_processor",
          "decoder",
          "model");

  private static final Set<String> MODEL_ENTRIES =
      Set.of(
          "type",
          "dropout",
          "unk_token",
          "continuing_subword_prefix",
          "end_of_word_suffix",
          "fuse_unk",
          "byte_fallback",
          "ignore_merges",
          "vocab",
          "merges");

  private final String source;
  private final List<byte[]> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  private TokenizerFile(String source) {
    this.source = source;
  }

  static byte[] write(BytePairTokenizer tokenizer) {
    Map<String, Object> byteLevel = new LinkedHashMap<>();
    byteLevel.put("type", "ByteLevel");
    byteLevel.put("add_prefix_space", false);
    byteLevel.put("trim_offsets", true);
    byteLevel.put("use_regex", true);
    List<String> names = new ArrayList<>();
    Map<String, Object> vocabulary = new LinkedHashMap<>();
    for (int id = 0; id < tokenizer.vocabulary(); id++) {
      names.add(ByteAlphabet.write(tokenizer.token(id)));
      vocabulary.put(names.get(id), id);
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("unk_token", null);
    model.put("continuing_subword_prefix", null);
    model.put("end_of_word_suffix", null);
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    model.put("vocab", vocabulary);
    model.put(
        "merges",
        tokenizer.merges().stream()
            .map(merge -> List.of(names.get(merge.left()), names.get(merge.right())))
            .toList());
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("version", VERSION);
    root.put("truncation", null);
    root.put("padding", null);
    root.put("added_tokens", List.of());
    root.put("normalizer", null);
    root.put("pre_tokenizer", byteLevel);
    root.put("post_processor", null);
    root.put("decoder", byteLevel);
    root.put("model", model);
    return Json.writeObject(root);
  }

  static BytePairTokenizer read(byte[] json, String source) {
    Map<String, Object> root;
    try {
      root = Json.readObject(json, source);
    } catch (FormatException e) {
      throw new TokenizerException(e.getMessage(), e);
    }
    return new TokenizerFile(source).tokenizer(root);
  }

  private BytePairTokenizer tokenizer(Map<String, Object> root) {
    if (!VERSION.equals(root.get("version"))) {
      throw fault("has version " + shown(root.get("version")) + "; only \"1.0\" can be read");
    }
    requireKnown(root, ENTRIES, "");
    if (root.get("added_tokens") != null && !List.of().equals(root.get("added_tokens"))) {
      throw fault("has added_tokens, which a byte-level tokenizer here does not know");
    }
    requireAbsent(root, "", "normalizer", "truncation", "padding");
    Map<String, Object> cut = byteLevel(root, "pre_tokenizer");
    if (!Boolean.FALSE.equals(cut.get("add_prefix_space"))) {
      throw fault(
          "has add_prefix_space "
              + shown(cut.get("add_prefix_space"))
              + " in its pre_tokenizer; only false can be read");
    }
    if (!Boolean.TRUE.equals(cut.getOrDefault("use_regex", true))) {
      throw fault("has use_regex " + shown(cut.get("use_regex")) + "; only true can be read");
    }
    byteLevel(root, "decoder");
    if (root.get("post_processor") != null) {
      byteLevel(root, "post_processor"); // that one moves offsets alone
    }
    return tokenizerOf(object(root.get("model"), "model"));
  }

  private BytePairTokenizer tokenizerOf(Map<String, Object> model) {
    if (!"BPE".equals(model.get("type"))) {
      throw fault("has a model of type " + shown(model.get("type")) + "; only \"BPE\" can be read");
    }
    requireKnown(model, MODEL_ENTRIES, "model.");
    requireAbsent(model, "model.", "dropout", "unk_token");
    for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (!"".equals(model.get(affix))) {
        requireAbsent(model, "model.", affix);
      }
    }
    for (String flag : List.of("byte_fallback", "ignore_merges")) {
      if (!Boolean.FALSE.equals(model.getOrDefault(flag, false))) {
        throw fault(
            "has model." + flag + " " + shown(model.get(flag)) + "; only false can be read");
      }
    }
    if (!(model.getOrDefault("fuse_unk", false) instanceof Boolean)) {
      throw fault("has model.fuse_unk " + shown(model.get("fuse_unk")) + ", which is no boolean");
    }
    readVocabulary(object(model.get("vocab"), "model.vocab"));
    if (!(model.get("merges") instanceof List<?> merges)) {
      throw fault("has no list model.merges");
    }
    return new BytePairTokenizer(tokens, merges(merges));
  }

  private void readVocabulary(Map<String, Object> vocabulary) {
    int size = vocabulary.size();
    if (size < BytePairTokenizer.MIN_VOCABULARY || size > BytePairTokenizer.MAX_VOCABULARY) {
      throw fault(
          String.format(
              Locale.ROOT,
              "has %d tokens; %d to %d can be read",
              size,
              BytePairTokenizer.MIN_VOCABULARY,
              BytePairTokenizer.MAX_VOCABULARY));
    }
    tokens.addAll(Collections.nCopies(size, null));
    int single = 0;
    for (Map.Entry<String, Object> entry : vocabulary.entrySet()) {
      byte[] bytes = ByteAlphabet.read(entry.getKey());
      if (bytes == null || bytes.length == 0) {
        throw fault("has the token " + shown(entry.getKey()) + ", which stands for no bytes");
      }
      if (!(entry.getValue() instanceof Long id) || id < 0 || id >= size) {
        throw fault(
            String.format(
                Locale.ROOT,
                "gives the token %s the number %s; %d tokens have the numbers 0 to %d",
                shown(entry.getKey()),
                shown(entry.getValue()),
                size,
                size - 1));
      }
      if (tokens.set(id.intValue(), bytes) != null) {
        throw fault("gives two tokens the number " + id);
      }
      ids.put(entry.getKey(), id.intValue());
      single += bytes.length == 1 ? 1 : 0;
    }
    if (single < ByteAlphabet.SIZE) {
      throw fault(
          "has tokens for " + single + " of the 256 bytes; it must have them all to be byte-level");
    }
  }

  private List<Merge> merges(List<?> written) {
    List<Merge> merges = new ArrayList<>(written.size());
    Set<Long> seen = new HashSet<>();
    for (Object parts : written) {
      Merge merge = merge(parts, merges.size());
      if (!seen.add(merge.pair())) {
        throw fault("has the pair " + shown(parts) + " of merge " + merges.size() + " twice");
      }
      merges.add(merge);
    }
    return merges;
  }

  /** As a list of two since tokenizers 0.20, before as one text with a blank between. */
  private Merge merge(Object written, int number) {
    List<?> parts =
        written instanceof String text ? Arrays.asList(text.split(" ", -1)) : asList(written);
    if (parts.size() != 2
        || !(parts.get(0) instanceof String left)
        || !(parts.get(1) instanceof String right)) {
      throw fault("has merge " + number + " " + shown(written) + ", which is no pair of tokens");
    }
    Integer one = ids.get(left);
    Integer two = ids.get(right);
    Integer result = ids.get(left + right);
    if (one == null || two == null || result == null) {
      throw fault(
          "merges "
              + shown(left)
              + " and "
              + shown(right)
              + " (merge "
              + number
              + "), but not all of them and "
              + shown(left + right)
              + " are tokens");
    }
    return new Merge(one, two, result);
  }

  private static List<?> asList(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private Map<String, Object> byteLevel(Map<String, Object> root, String key) {
    Map<String, Object> part = object(root.get(key), key);
    if (!"ByteLevel".equals(part.get("type"))) {
      throw fault(
          "has a "
              + key
              + " of type "
              + shown(part.get("type"))
              + "; only \"ByteLevel\" can be"
              + " read");
    }
    requireKnown(part, Set.of("type", "add_prefix_space", "trim_offsets", "use_regex"), key + ".");
    return part;
  }

  @SuppressWarnings("unchecked") // objects that Json gives have strings for keys
  private Map<String, Object> object(Object value, String name) {
    if (!(value instanceof Map<?, ?> map)) {
      throw fault("has " + shown(value) + " where the object " + name + " is expected");
    }
    return (Map<String, Object>) map;
  }

  private void requireAbsent(Map<String, Object> object, String prefix, String... keys) {
    for (String key : keys) {
      if (object.get(key) != null) {
        throw fault(
            "has " + prefix + key + " " + shown(object.get(key)) + "; only null can be read");
      }
    }
  }

  private void requireKnown(Map<String, Object> object, Set<String> known, String prefix) {
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        throw fault("has the entry " + prefix + shorten(key) + ", which is not known");
      }
    }
  }

  private TokenizerException fault(String problem) {
    return new TokenizerException(source + " " + problem);
  }

  /** A value for a message: whole if it is short. */
  private static String shown(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> '"' + shorten(text) + '"';
      case Map<?, ?> map -> "an object of " + map.size() + " entries";
      case List<?> list -> "a list of " + list.size();
      default -> value.toString();
    };
  }

  private static String shorten(String text) {
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }
}
